import type { Content, Json, OpenApi, Operation } from './document.ts'

/**
 * The document as a page: plain HTML with nothing to load and nothing to run, so that it works under the strictest policy and without a network.
 */
export function pageOf({ info, tags, paths, components }: OpenApi): string {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  const topics = tags.flatMap(({ name, description }) => {
    const own = all.filter(({ operation }) => operation.tags.includes(name))
    return own.length === 0
      ? []
      : [`<h2 id="${text(name)}">${text(name)}</h2><p>${prose(description)}</p>${own.map((one) => section(one)).join('')}`]
  })
  const schemas = Object.entries(components.schemas)
    .map(
      ([name, schema]) => `<details id="schema-${text(name)}"><summary><b>${text(name)}</b></summary>${shape(schema)}</details>`,
    )
    .join('')
  const contents = tags
    .filter(({ name }) => all.some(({ operation }) => operation.tags.includes(name)))
    .map(({ name }) => `<a href="#${text(name)}">${text(name)}</a>`)
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${text(info.title)} API</title><style>${STYLE}</style></head><body><main><h1>${text(info.title)} API</h1><p>${prose(info.description)}</p><p>The document itself: <a href="/v1/openapi.json">/v1/openapi.json</a> (OpenAPI 3.1).</p><nav>${contents.join(' · ')} · <a href="#schemas">schemas</a></nav>${topics.join('')}<h2 id="schemas">schemas</h2>${schemas}</main></body></html>`
}

function section({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const { summary, description, parameters, requestBody, responses } = operation
  const roles = operation['x-roles']
  const rows = parameters
    .map(
      (one) =>
        `<tr><td><code>${text(one.name)}</code>${one.required ? '*' : ''}</td><td>${one.in}</td><td>${kindOf(one.schema)}</td><td>${prose(one.description)}</td></tr>`,
    )
    .join('')
  const answers = Object.entries(responses)
    .map(
      ([status, { description: says, content }]) =>
        `<dt>${text(status)}</dt><dd>${prose(says)} ${status < '300' ? contentOf(content) : ''}</dd>`,
    )
    .join('')
  return `<details id="${text(operation.operationId)}"><summary><code class="${method.toLowerCase()}">${method}</code> <code>${text(path)}</code> ${prose(summary)}</summary>${description === undefined ? '' : `<p>${prose(description)}</p>`}<p>${roles.length === 0 ? 'Anybody, without a key.' : `Roles: ${roles.map(text).join(', ')}.`}</p>${rows === '' ? '' : `<table>${rows}</table>`}${requestBody === undefined ? '' : `<h4>Body${requestBody.required ? '' : ', which may be left out'}</h4>${contentOf(requestBody.content)}`}<h4>Answers</h4><dl>${answers}</dl></details>`
}

const contentOf = (content: Content): string =>
  Object.entries(content)
    .map(([type, { schema }]) => `<div><code>${text(type)}</code> ${shape(schema)}</div>`)
    .join('')

/** What a schema allows, as nested lists. */
function shape(schema: Json): string {
  const { properties, items, anyOf, description } = schema as {
    properties?: Readonly<Record<string, Json>>
    items?: Json
    anyOf?: readonly Json[]
    description?: string
  }
  const says = description === undefined ? '' : ` ${prose(description)}`
  if (properties !== undefined) {
    const required = (schema.required ?? []) as readonly string[]
    const rows = Object.entries(properties)
      .map(
        ([key, inner]) =>
          `<li><code>${text(key)}</code>${required.includes(key) ? '*' : ''} ${kindOf(inner)}${nested(inner)}</li>`,
      )
      .join('')
    return `${says}<ul>${rows}</ul>`
  }
  if (items !== undefined) return `${kindOf(schema)}${says}${nested(items)}`
  if (anyOf !== undefined) return `${kindOf(schema)}${says}${anyOf.map(nested).join('')}`
  return `${kindOf(schema)}${says}`
}

const nested = (schema: Json): string => {
  const { properties, items, anyOf } = schema as { properties?: Json; items?: Json; anyOf?: readonly Json[] }
  const says = typeof schema.description === 'string' ? ` ${prose(schema.description)}` : ''
  if (properties !== undefined) return shape(schema)
  if (items !== undefined) return `${says}${nested(items)}`
  const inside = (anyOf ?? []).filter((one) => one.properties !== undefined || one.items !== undefined)
  return says + inside.map((one) => nested(one)).join('')
}

/** A kind in a few words. */
function kindOf(schema: Json): string {
  const {
    type,
    $ref,
    enum: words,
    const: only,
    anyOf,
    items,
  } = schema as {
    type?: string
    $ref?: string
    enum?: readonly unknown[]
    const?: unknown
    anyOf?: readonly Json[]
    items?: Json
  }
  if ($ref !== undefined) {
    const name = $ref.split('/').at(-1) ?? ''
    return `<a href="#schema-${text(name)}">${text(name)}</a>`
  }
  if (words !== undefined) return words.map((one) => `<code>${text(String(one))}</code>`).join(' | ')
  if (only !== undefined) return `<code>${text(String(only))}</code>`
  if (anyOf !== undefined) return anyOf.map(kindOf).join(' | ')
  const bounds = (['minimum', 'exclusiveMinimum', 'maximum', 'minItems', 'maxItems', 'minLength', 'maxLength'] as const)
    .filter((key) => schema[key] !== undefined)
    .map((key) => `${key} ${String(schema[key])}`)
    .join(', ')
  const of = items === undefined ? '' : ` of ${kindOf(items)}`
  return `<i>${text(type ?? 'any')}${of}${bounds === '' ? '' : ` (${text(bounds)})`}</i>`
}

const text = (said: string): string =>
  said.replace(/[&<>"']/g, (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[one] ?? '&#39;')
/** Words between backticks are code. */
const prose = (said: string): string => text(said).replace(/`([^`]+)`/g, '<code>$1</code>')

const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;margin:0;color:#1b2430;background:#fff}main{max-width:60rem;margin:0 auto;padding:1.5rem}' +
  'code{font:13px ui-monospace,monospace;background:#f0f3f6;padding:0 .25em;border-radius:3px}summary{cursor:pointer;padding:.35rem 0}' +
  'details{border-bottom:1px solid #e3e8ee}details>*:not(summary){margin-left:1rem}table{border-collapse:collapse}td{padding:.15rem .8rem .15rem 0;vertical-align:top}' +
  'dt{float:left;font-weight:600}dd{margin-left:3.5rem}h2{margin-top:2rem}ul{padding-left:1.2rem}.post{background:#dff3e4}.delete{background:#fbe3e1}.get{background:#e1ecfb}' +
  '@media(prefers-color-scheme:dark){body{background:#12161c;color:#dbe2ea}code{background:#232b35}details{border-color:#2b3440}a{color:#7fb4ff}.post{background:#1d3a27}.delete{background:#43211f}.get{background:#1b2f4b}}'
