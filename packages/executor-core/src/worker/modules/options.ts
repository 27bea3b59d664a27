/**
 * The options of a module's function: a map whose names are known, so that a mistyped one is an
 * error and not silence.
 *
 * @module
 */
import { type CallContext, mapEntries, mapGet, type RhaiMap, type Value } from '@picloud/rhai'
import { quoted } from '../quoted.ts'
import { refusal } from '../refusal.ts'

/** Of a name in a message. */
const NAME_UNITS_SHOWN = 40

export class Options {
  readonly #function: string
  readonly #map: RhaiMap | undefined

  /**
   * @param name of the function, for messages: `response::cookie`
   * @throws RhaiError `PIC_OPTION_INVALID` for a name that is not known
   */
  constructor(
    context: CallContext,
    name: string,
    map: RhaiMap | undefined,
    known: readonly string[],
  ) {
    this.#function = name
    this.#map = map
    for (const [option] of map === undefined ? [] : mapEntries(map)) {
      if (known.includes(option)) continue
      const shown = JSON.stringify(quoted(context, option, NAME_UNITS_SHOWN))
      throw this.#refusal(`has no option ${shown}: it has ${known.join(', ')}`)
    }
  }

  /** `undefined` when it is not given, or `()`. */
  text(name: string): string | undefined {
    const value = this.#value(name)
    if (value === undefined || typeof value === 'string') return value
    throw this.#refusal(`takes a string as ${name}`)
  }

  bool(name: string): boolean | undefined {
    const value = this.#value(name)
    if (value === undefined || typeof value === 'boolean') return value
    throw this.#refusal(`takes true or false as ${name}`)
  }

  /** Both bounds are included. */
  int(name: string, min: number, max: number): number | undefined {
    const value = this.#value(name)
    if (value === undefined) return undefined
    if (typeof value === 'number' && value >= min && value <= max) return value
    throw this.#refusal(`takes an INT from ${min} to ${max} as ${name}`)
  }

  oneOf<const Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const value = this.#value(name)
    if (value === undefined) return undefined
    const choice = choices.find((each) => each === value)
    if (choice !== undefined) return choice
    throw this.#refusal(`takes one of ${choices.join(', ')} as ${name}`)
  }

  #value(name: string): Value {
    return this.#map === undefined ? undefined : mapGet(this.#map, name)
  }

  #refusal(what: string) {
    return refusal('PIC_OPTION_INVALID', `${this.#function} ${what}`)
  }
}
