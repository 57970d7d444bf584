/** Where a figure comes from, by the dotted path of its field ("demand.ordersPerDay", "services.standard.transit"). */
export type Sources = Readonly<Record<string, string>>

const FLOW_LETTERS_MAX = 110

/**
 * Plain data as YAML with a comment beside each figure that has a source. Small maps and lists of scalars stand on one line, so that a
 * law or a price reads as one thing; a list item with an id is addressed by it.
 */
export function annotatedYaml(value: Readonly<Record<string, unknown>>, sources: Sources): string {
  return fields(value, '', '', sources).join('\n').concat('\n')
}

function fields(map: Readonly<Record<string, unknown>>, indent: string, path: string, sources: Sources): string[] {
  return Object.entries(map)
    .filter(([, value]) => value !== undefined)
    .flatMap(([key, value]) => field(key, value, indent, path === '' ? key : `${path}.${key}`, sources))
}

function field(key: string, value: unknown, indent: string, path: string, sources: Sources): string[] {
  const note = sources[path]
  const flow = flowOf(value)
  // A list of scalars has no good place to break: one long line reads better than a tall column of figures.
  if (flow !== null && (isScalar(value) || Array.isArray(value) || flow.length + indent.length + key.length < FLOW_LETTERS_MAX)) {
    return note ? withNote(`${indent}${key}: ${flow}`, note, indent) : [`${indent}${key}: ${flow}`]
  }
  const head = note ? [`${indent}# ${note}`, `${indent}${key}:`] : [`${indent}${key}:`]
  if (Array.isArray(value)) return [...head, ...value.flatMap((item) => listItem(item, `${indent}  `, path, sources))]
  return [...head, ...fields(value as Record<string, unknown>, `${indent}  `, path, sources)]
}

function listItem(item: unknown, indent: string, path: string, sources: Sources): string[] {
  const flow = flowOf(item)
  if (flow !== null && flow.length + indent.length < FLOW_LETTERS_MAX) return [`${indent}- ${flow}`]
  const map = item as Record<string, unknown>
  const name = map.id ?? map.type
  const lines = fields(map, `${indent}  `, typeof name === 'string' ? `${path}.${name}` : path, sources)
  // A comment may stand before the first field; the dash belongs to the field.
  const first = lines.findIndex((line) => !line.trimStart().startsWith('#'))
  return lines.map((line, i) => (i === first ? `${indent}- ${line.slice(indent.length + 2)}` : line))
}

/** Short sources stand beside their figure, long ones above it. */
function withNote(line: string, note: string, indent: string): string[] {
  return line.length + note.length < FLOW_LETTERS_MAX ? [`${line}  # ${note}`] : [`${indent}# ${note}`, line]
}

/** One-line form, or null where the value holds maps or lists of maps. */
function flowOf(value: unknown): string | null {
  if (isScalar(value)) return scalar(value)
  if (Array.isArray(value)) return value.every(isScalar) ? `[${value.map(scalar).join(', ')}]` : null
  const entries = Object.entries(value as Record<string, unknown>).filter(([, inner]) => inner !== undefined)
  const parts = entries.map(([key, inner]) => {
    const flow = Array.isArray(inner) || isScalar(inner) ? flowOf(inner) : null
    return flow === null ? null : `${key}: ${flow}`
  })
  return parts.includes(null) ? null : `{ ${parts.join(', ')} }`
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || typeof value !== 'object'
}

function scalar(value: unknown): string {
  if (typeof value !== 'string') return String(value)
  const plain = /^[A-Za-zÀ-ÿ][A-Za-z0-9À-ÿ .()'/+_-]*$/.test(value) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value)
  return plain && value.trim() === value ? value : JSON.stringify(value)
}
