import type { RolloutPicture, RolloutRow } from '../../twin/wire.ts'
import { ask, Refusal } from './ask.ts'
import { type Child, element, fill } from './element.ts'
import { rowOf, viewOf } from './rollout-view.ts'
import type { Said } from './said.ts'
import type { Word } from './words.ts'

/** What each verb does, in words, and what it must be told. */
const VERBS: Readonly<Record<string, { readonly word: Word; readonly will: Word; readonly wants?: 'because' | 'hours' }>> = {
  submit: { word: 'submit', will: 'willSubmit' },
  approve: { word: 'approve', will: 'willApprove' },
  start: { word: 'start', will: 'willStart' },
  promote: { word: 'promote', will: 'willPromote' },
  advance: { word: 'advance', will: 'willAdvance' },
  settle: { word: 'settle', will: 'willSettle' },
  resume: { word: 'resume', will: 'willResume', wants: 'because' },
  hold: { word: 'hold', will: 'willHold', wants: 'because' },
  extend: { word: 'extend', will: 'willExtend', wants: 'hours' },
  reject: { word: 'reject', will: 'willReject', wants: 'because' },
  rollback: { word: 'rollback', will: 'willRollback', wants: 'because' },
}
const DANGEROUS = ['reject', 'rollback']

/** Rollouts: all of them, or one with what may be done to it. Changes come as they happen; what somebody is about to do is not drawn over. */
export class RolloutPanel {
  readonly root = element('div', { class: 'rollouts' })
  private readonly said: Said
  private readonly widen: (isWide: boolean) => void
  private readonly asking = element('dialog', { class: 'asking' })
  private readonly body = element('div', {})
  private readonly wrong = element('p', { class: 'wrong', role: 'alert', hidden: true })
  private rows: readonly RolloutRow[] = []
  private picture: RolloutPicture | null = null
  private chosen: string | null = null
  private isThere = true
  private isWide = false
  private isBusy = false

  constructor(said: Said, widen: (isWide: boolean) => void) {
    this.said = said
    this.widen = widen
    fill(this.root, this.wrong, this.body, this.asking)
    this.draw()
  }

  /** Whether there is a desk to ask. */
  async begin(isThere: boolean): Promise<void> {
    this.isThere = isThere
    await this.load()
  }

  async refresh(): Promise<void> {
    await this.load()
  }

  /** One of them has changed. */
  async changed(id: string): Promise<void> {
    await this.load(id)
  }

  get waiting(): number {
    return this.rows.filter(({ state, held }) => held !== null || state === 'promote-pending' || state === 'submitted').length
  }

  private async load(only: string | null = null): Promise<void> {
    if (!this.isThere) {
      this.draw()
      return
    }
    try {
      this.rows = await ask.rollouts()
      if (this.chosen !== null && (only === null || only === this.chosen)) this.picture = await ask.rollout(this.chosen)
      this.complain(null)
    } catch (error) {
      this.complain(this.said.words('failed', (error as Error).message))
    }
    this.draw()
  }

  private async open(id: string | null): Promise<void> {
    this.chosen = id
    this.picture = null
    if (id === null && this.isWide) this.turn()
    await this.load()
  }

  private turn(): void {
    this.isWide = !this.isWide
    this.widen(this.isWide)
    this.draw()
  }

  private draw(): void {
    fill(this.body, this.drawn())
  }

  private drawn(): Child {
    const { words } = this.said
    if (!this.isThere) return element('p', { class: 'empty' }, words('noRolloutDesk'))
    if (this.chosen !== null) return this.one()
    if (this.rows.length === 0) return element('p', { class: 'empty' }, words('noRollouts'))
    return element(
      'ul',
      {},
      this.rows.toReversed().map((row) => rowOf(row, this.said, () => void this.open(row.id))),
    )
  }

  private one(): Child {
    const { picture, said } = this
    const { words } = said
    const quiet = (word: Word, key: string, act: () => void): Child =>
      element('button', { type: 'button', class: 'quiet', 'data-key': key, onclick: act }, words(word))
    return [
      element(
        'p',
        { class: 'line' },
        quiet('allRollouts', 'back', () => void this.open(null)),
        quiet(this.isWide ? 'narrow' : 'wide', 'wide', () => this.turn()),
      ),
      picture === null ? element('p', { class: 'soft' }, words('loading')) : viewOf(picture, said, this.buttons(picture)),
    ]
  }

  private buttons({ may }: RolloutPicture): Child[] {
    return Object.entries(VERBS)
      .filter(([verb]) => may.includes(verb))
      .map(([verb, { word }]) =>
        element(
          'button',
          {
            type: 'button',
            class: DANGEROUS.includes(verb) ? 'act is-dangerous' : 'act',
            'data-key': verb,
            'data-verb': verb,
            onclick: () => this.confirm(verb),
          },
          this.said.words(word),
        ),
      )
  }

  /** Says what will happen, asks what must be known, and does it as it was seen. */
  private confirm(verb: string): void {
    const { picture, said } = this
    if (picture === null) return
    const { words } = said
    const { word, will, wants } = VERBS[verb]
    const { id, seq, asks } = picture
    const input =
      wants === undefined
        ? null
        : element('input', {
            name: 'answer',
            required: true,
            autocomplete: 'off',
            maxlength: 2000,
            ...(wants === 'hours' ? { type: 'number', min: 1, max: 2400 } : { type: 'text' }),
          })
    const shut = (): void => this.asking.close()
    fill(
      this.asking,
      element(
        'form',
        {
          method: 'dialog',
          onsubmit: (event) => {
            event.preventDefault()
            const answer = input?.value ?? ''
            shut()
            const said = {
              ...(wants === 'because' ? { because: answer } : {}),
              ...(wants === 'hours' ? { byHours: Number(answer), because: words('extend') } : {}),
              ...(verb === 'approve' && asks !== null ? { of: asks } : {}),
            }
            void this.act(id, verb, seq, said)
          },
        },
        element('h2', {}, words(word)),
        element('p', {}, words(will, asks === null ? '' : asks.slice(0, 16))),
        input === null ? null : element('label', {}, words(wants === 'hours' ? 'hoursMore' : 'because'), input),
        element(
          'p',
          { class: 'acts' },
          element('button', { type: 'submit', class: DANGEROUS.includes(verb) ? 'act is-dangerous' : 'act' }, words(word)),
          element('button', { type: 'button', class: 'quiet', onclick: shut }, words('cancel')),
        ),
      ),
    )
    this.asking.showModal()
  }

  private async act(id: string, verb: string, seq: number, what: object): Promise<void> {
    if (this.isBusy) return
    this.isBusy = true
    let says: string | null = null
    try {
      this.picture = await ask.act(id, verb, seq, what)
    } catch (error) {
      const isOld = error instanceof Refusal && error.status === 412
      says = isOld ? this.said.words('goneOn') : this.said.words('refusedBy', (error as Error).message)
    }
    this.isBusy = false
    await this.load(id)
    this.complain(says)
  }

  private complain(says: string | null): void {
    this.wrong.hidden = says === null
    this.wrong.textContent = says ?? ''
  }
}
