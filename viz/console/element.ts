/** Elements without a framework: a tag, what it has, what is in it. Text is always text, so names from feeds cannot become markup. */
export type Child = Node | string | number | null | false | readonly Child[]

type Properties = Readonly<Record<string, string | number | boolean | null | ((event: Event) => void)>>

export function element<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  properties: Properties,
  ...children: readonly Child[]
): HTMLElementTagNameMap[T] {
  const made = document.createElement(tag)
  setProperties(made, properties)
  made.append(...nodesOf(children))
  return made
}

const SVG = 'http://www.w3.org/2000/svg'
export function drawn(tag: string, properties: Properties, ...children: readonly Child[]): SVGElement {
  const made = document.createElementNS(SVG, tag)
  setProperties(made, properties)
  made.append(...nodesOf(children))
  return made
}

/** Gives an element new contents; the one that has the focus keeps it where its key is among them again. */
export function fill(into: Element, ...children: readonly Child[]): void {
  const key = into.contains(document.activeElement) ? document.activeElement?.getAttribute('data-key') : null
  into.replaceChildren(...nodesOf(children))
  if (key !== null && key !== undefined) (into.querySelector(`[data-key="${CSS.escape(key)}"]`) as HTMLElement | null)?.focus()
}

function setProperties(of: Element, properties: Properties): void {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === false) continue
    if (typeof value === 'function') of.addEventListener(name.slice(2).toLowerCase(), value)
    else of.setAttribute(name, value === true ? '' : String(value))
  }
}

const nodesOf = (children: readonly Child[]): (Node | string)[] =>
  children.flatMap((child): (Node | string)[] => {
    if (child === null || child === false) return []
    if (typeof child === 'number') return [String(child)]
    return typeof child === 'string' || child instanceof Node ? [child] : nodesOf(child)
  })
