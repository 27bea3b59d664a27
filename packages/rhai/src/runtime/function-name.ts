/**
 * Function pointers made from a name at run time: which names may be one.
 *
 * @module
 */
import { isFunctionName, KEYWORDS, RESERVED_WORDS } from '../lex/words.ts'
import { RhaiError } from '../rhai-error.ts'
import type { CallContext } from './call-context.ts'
import { chargeRewrite } from './metering.ts'
import { type FunctionHome, FunctionPointer } from './value.ts'

/** Names so long are looked at for nothing, as part of the call. */
const NAME_SHORT = 64
const SYMBOL = /^[!-/:-@[-^{-~]{1,3}$/

/**
 * A pointer to whatever has that name in the calling script when it is called.
 *
 * @throws RhaiError for other names
 */
export function functionNamed(
  context: CallContext,
  name: string,
  home: FunctionHome = context.home,
): FunctionPointer {
  if (name.length > NAME_SHORT) chargeRewrite(context, name.length)
  if (KEYWORDS.has(name) || RESERVED_WORDS.has(name)) throw reserved(name, 'keyword')
  if (isFunctionName(name)) return new FunctionPointer(name, [], undefined, home)
  if (SYMBOL.test(name)) throw reserved(name, 'symbol')
  const text = `Function not found: ${name}`
  throw new RhaiError({ phase: 'eval', kind: 'ErrorFunctionNotFound', text })
}

function reserved(name: string, what: string): RhaiError {
  const text = `Syntax error: '${name}' is a reserved ${what}`
  return new RhaiError({ phase: 'eval', kind: 'Reserved', text })
}
