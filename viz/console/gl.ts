import {
  BufferAttribute,
  BufferGeometry,
  Color,
  DynamicDrawUsage,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  MeshBasicMaterial,
  PerspectiveCamera,
  Points,
  Scene,
  ShaderMaterial,
  Shape,
  ShapeGeometry,
  Vector3,
  WebGLRenderer,
} from 'three'

/**
 * The one door to three: a flat map seen at a slant, and parcels that fly over it. A parcel is one point; where it is the vertex shader
 * computes from the two ends of its leg and one clock, so a frame costs the page nothing but one number, however many parcels there are.
 */
export type Ring = readonly (readonly [x: number, y: number])[]

/** Colours as hex numbers. */
export type Palette = {
  readonly page: number
  readonly land: number
  readonly coast: number
  readonly road: number
  readonly zone: number
  readonly parcel: number
  readonly late: number
}

const PARCEL_VERTEX = `
attribute vec2 start;
attribute vec2 finish;
attribute vec2 span;
attribute float late;
uniform float now;
uniform float size;
varying float isLate;
void main() {
  float part = clamp((now - span.x) / max(span.y - span.x, 0.001), 0.0, 1.0);
  vec2 along = finish - start;
  // A truck's parcels are at one place: each is moved aside a little, always by the same, so that a load is seen as a swarm and not as one point.
  float own = fract(sin(float(gl_VertexID) * 12.9898) * 43758.5453);
  float side = fract(own * 97.0) - 0.5;
  part = clamp(part + (own - 0.5) * 0.05, 0.0, part >= 1.0 ? 1.0 : 0.999);
  vec2 ground = start + along * part + vec2(-along.y, along.x) / max(length(along), 1.0) * side * min(14.0, 0.08 * length(along));
  float height = 0.16 * length(along) * 4.0 * part * (1.0 - part);
  gl_Position = projectionMatrix * modelViewMatrix * vec4(ground, height, 1.0);
  // A parcel that is under way is drawn; one whose road has ended waits at its end for the next word and is drawn small.
  gl_PointSize = now < span.x || span.y < span.x ? 0.0 : (part >= 1.0 ? size * 0.5 : size);
  isLate = late;
}`
const PARCEL_FRAGMENT = `
precision mediump float;
uniform vec3 colour;
uniform vec3 lateColour;
varying float isLate;
void main() {
  vec2 off = gl_PointCoord - 0.5;
  if (dot(off, off) > 0.25) discard;
  gl_FragColor = vec4(mix(colour, lateColour, isLate), 0.9);
  #include <colorspace_fragment>
}`

/** How far the map leans back, in radians. */
const SLANT = 0.42

export class Stage {
  private readonly renderer: WebGLRenderer
  private readonly scene = new Scene()
  private readonly camera = new PerspectiveCamera(35, 1, 1, 20_000)
  private readonly land: MeshBasicMaterial
  private readonly coast: LineBasicMaterial
  private readonly road: LineBasicMaterial
  private readonly zone: ShaderMaterial
  private readonly parcel: ShaderMaterial
  private readonly parcels: BufferGeometry
  private capacity = 0
  private width = 1
  private height = 1
  /** Where the middle of the view lies on the map, and how far away the eye is. */
  private readonly centre = { x: 0, y: 0, away: 1000 }
  /** Software draws every pixel by hand: no smoothing, no extra pixels. */
  readonly isSoftware: boolean

  constructor(canvas: HTMLCanvasElement, palette: Palette) {
    const context = canvas.getContext('webgl2', { antialias: false, alpha: false, preserveDrawingBuffer: true })
    if (context === null) throw new Error('this browser draws no WebGL 2')
    const told = context.getExtension('WEBGL_debug_renderer_info')
    this.isSoftware =
      told !== null && /SwiftShader|llvmpipe|software/i.test(String(context.getParameter(told.UNMASKED_RENDERER_WEBGL)))
    this.renderer = new WebGLRenderer({ canvas, context })
    this.renderer.setPixelRatio(this.isSoftware ? 1 : Math.min(2, globalThis.devicePixelRatio))
    this.land = new MeshBasicMaterial()
    this.coast = new LineBasicMaterial()
    this.road = new LineBasicMaterial({ transparent: true, opacity: 0.35 })
    this.parcel = new ShaderMaterial({
      vertexShader: PARCEL_VERTEX,
      fragmentShader: PARCEL_FRAGMENT,
      uniforms: {
        now: { value: 0 },
        size: { value: this.isSoftware ? 4 : 5 * this.renderer.getPixelRatio() },
        colour: { value: new Color() },
        lateColour: { value: new Color() },
      },
      transparent: true,
      depthTest: false,
    })
    this.zone = new ShaderMaterial({
      vertexShader:
        'attribute float size; void main() { gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); gl_PointSize = size; }',
      fragmentShader:
        'precision mediump float; uniform vec3 colour; void main() { vec2 off = gl_PointCoord - 0.5; if (dot(off, off) > 0.25) discard; gl_FragColor = vec4(colour, 0.55);\n#include <colorspace_fragment>\n}',
      uniforms: { colour: { value: new Color() } },
      transparent: true,
      depthTest: false,
    })
    this.parcels = new BufferGeometry()
    const flying = new Points(this.parcels, this.parcel)
    flying.frustumCulled = false
    flying.renderOrder = 3
    this.scene.add(flying)
    this.room(1024)
    this.paint(palette)
  }

  paint(palette: Palette): void {
    this.scene.background = new Color(palette.page)
    this.land.color.setHex(palette.land)
    this.coast.color.setHex(palette.coast)
    this.road.color.setHex(palette.road)
    ;(this.zone.uniforms.colour.value as Color).setHex(palette.zone)
    ;(this.parcel.uniforms.colour.value as Color).setHex(palette.parcel)
    ;(this.parcel.uniforms.lateColour.value as Color).setHex(palette.late)
  }

  /** Land and its coasts; one draw call for each. */
  ground(rings: readonly Ring[]): void {
    const shapes = rings
      .filter((ring) => ring.length > 2)
      .map((ring) => {
        const shape = new Shape()
        shape.moveTo(...ring[0])
        for (const [x, y] of ring.slice(1)) shape.lineTo(x, y)
        return shape
      })
    const land = new Mesh(new ShapeGeometry(shapes), this.land)
    land.position.z = -0.5
    this.scene.add(land)
    this.scene.add(
      this.lines(
        rings.flatMap((ring) => ring.map((point, i) => [point, ring[(i + 1) % ring.length]] as const)),
        this.coast,
      ),
    )
  }

  roads(pairs: readonly (readonly [readonly [number, number], readonly [number, number]])[]): void {
    this.scene.add(this.lines(pairs, this.road))
  }

  private lines(
    pairs: readonly (readonly [readonly [number, number], readonly [number, number]])[],
    material: LineBasicMaterial,
  ): LineSegments {
    const positions = new Float32Array(pairs.length * 6)
    for (const [i, [[ax, ay], [bx, by]]] of pairs.entries()) positions.set([ax, ay, 0, bx, by, 0], i * 6)
    const geometry = new BufferGeometry()
    geometry.setAttribute('position', new BufferAttribute(positions, 3))
    return new LineSegments(geometry, material)
  }

  /** Discs, such as zones by their demand: x, y and diameter in pixels. */
  discs(places: readonly (readonly [x: number, y: number, size: number])[]): void {
    const geometry = new BufferGeometry()
    geometry.setAttribute('position', new BufferAttribute(Float32Array.from(places.flatMap(([x, y]) => [x, y, 0])), 3))
    geometry.setAttribute(
      'size',
      new BufferAttribute(
        Float32Array.from(places, ([, , size]) => size),
        1,
      ),
    )
    const points = new Points(geometry, this.zone)
    points.frustumCulled = false
    this.scene.add(points)
  }

  /** Puts a parcel on a road, in a place of its own; seconds by the clock of `draw`. */
  fly(
    place: number,
    start: readonly [number, number],
    finish: readonly [number, number],
    from: number,
    until: number,
    late: boolean,
  ): void {
    if (place >= this.capacity) this.room(Math.max(place + 1, this.capacity * 2))
    this.write('start', place, start[0], start[1])
    this.write('finish', place, finish[0], finish[1])
    this.write('span', place, from, until)
    this.write('late', place, late ? 1 : 0)
  }
  settle(place: number): void {
    this.write('span', place, 1, 0)
  }

  private write(name: string, place: number, ...values: readonly number[]): void {
    const attribute = this.parcels.getAttribute(name) as BufferAttribute
    ;(attribute.array as Float32Array).set(values, place * values.length)
    attribute.needsUpdate = true
  }

  private room(capacity: number): void {
    for (const [name, width] of [
      ['start', 2],
      ['finish', 2],
      ['span', 2],
      ['late', 1],
    ] as const) {
      const values = new Float32Array(capacity * width)
      const old = this.parcels.getAttribute(name) as BufferAttribute | undefined
      if (old !== undefined) values.set(old.array as Float32Array)
      // A span that ends before it begins is nobody's.
      if (name === 'span') for (let i = old?.array.length ?? 0; i < values.length; i += 2) values[i] = 1
      this.parcels.setAttribute(name, new BufferAttribute(values, width).setUsage(DynamicDrawUsage))
    }
    // three asks for positions to know how many points there are.
    this.parcels.setAttribute('position', new BufferAttribute(new Float32Array(capacity * 3), 3))
    this.capacity = capacity
  }

  resize(width: number, height: number): void {
    this.width = Math.max(1, width)
    this.height = Math.max(1, height)
    this.renderer.setSize(this.width, this.height, false)
    this.camera.aspect = this.width / this.height
    this.aim()
  }

  /** Shows all of a box of the map. */
  show(left: number, bottom: number, right: number, top: number): void {
    const half = Math.tan((this.camera.fov * Math.PI) / 360)
    this.centre.x = (left + right) / 2
    this.centre.y = (bottom + top) / 2 - (top - bottom) * 0.02
    this.centre.away = Math.max((top - bottom) / 2 / half, (right - left) / 2 / (half * this.camera.aspect)) * 1.04
    this.aim()
  }
  zoom(factor: number): void {
    this.centre.away = Math.min(8000, Math.max(40, this.centre.away * factor))
    this.aim()
  }
  pan(dx: number, dy: number): void {
    const perPixel = (2 * this.centre.away * Math.tan((this.camera.fov * Math.PI) / 360)) / this.height
    this.centre.x -= dx * perPixel
    this.centre.y += dy * perPixel
    this.aim()
  }
  private aim(): void {
    const { x, y, away } = this.centre
    this.camera.position.set(x, y - Math.sin(SLANT) * away, Math.cos(SLANT) * away)
    this.camera.up.set(0, 1, 0)
    this.camera.lookAt(x, y, 0)
    this.camera.updateProjectionMatrix()
    this.camera.updateMatrixWorld()
  }

  /** Where a place of the map is on the canvas, in CSS pixels. */
  onScreen(x: number, y: number): readonly [number, number] {
    const at = new Vector3(x, y, 0).project(this.camera)
    return [((at.x + 1) / 2) * this.width, ((1 - at.y) / 2) * this.height]
  }

  draw(seconds: number): void {
    this.parcel.uniforms.now.value = seconds
    this.renderer.render(this.scene, this.camera)
  }
}
