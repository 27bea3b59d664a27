/**
 * Loops over the elements of an array, made for one closure each.
 *
 * A library function that calls a closure for each element does so from one place for all closures,
 * where JavaScript cannot compile the call into the loop. A closure written as the argument of such a
 * function therefore brings a loop of its own along, in which its call is the only one. What the loops
 * do is what `library/array-callback.ts` and `library/merge-sort.ts` do for all other functions.
 *
 * @module
 */

import { isOnlyRead } from '../../analyse/only-read.ts'
import type { Unit } from '../../analyse/unit.ts'
import type { OwnLoop } from '../../machine/call/function-table.ts'
import type { ClosureExpression, MethodLink } from '../../parse/ast.ts'
import {
  assign,
  binary,
  both,
  call,
  conditional,
  declareConst,
  declareLet,
  decrease,
  type Expression,
  evaluate,
  functionOf,
  identifier,
  ifElse,
  increment,
  literal,
  loop,
  member,
  memberAt,
  returnValue,
  type Statement,
  tryCatch,
  unary,
} from '../javascript/javascript.ts'
import { type ProgramContext, RUN, runField } from '../program-context.ts'

type WalkKind = OwnLoop['kind']

/** The loop that a library function runs a closure in, by the name of the function. */
const KINDS: ReadonlyMap<string, WalkKind> = new Map([
  ['map', 'collect'],
  ['filter', 'select'],
  ['some', 'search'],
  ['all', 'search'],
  ['find', 'search'],
  ['index_of', 'search'],
  ['reduce', 'fold'],
  ['sort', 'merge'],
  ['sort_by', 'merge'],
  ['order', 'merge'],
  ['order_by', 'merge'],
])

/** Takes note of the loop that a closure as argument of a method needs. */
export function noteWalk(program: ProgramContext, link: MethodLink): void {
  const [first] = link.args
  const kind = KINDS.get(link.name)
  if (kind === undefined || first?.kind !== 'closure') return
  const params = kind === 'fold' || kind === 'merge' ? 2 : 1
  if (first.params.length === params) program.walks.set(first, kind)
}

/** The loop a closure brings along, if any. */
export function emitWalk(
  program: ProgramContext,
  node: ClosureExpression,
  unit: Unit,
): Expression | undefined {
  const kind = program.walks.get(node)
  if (kind === undefined) return undefined
  const isStatic = unit.mode === 'static'
  const areRead = node.params.map((param) => isStatic && isOnlyRead(node.body, param.name))
  const given: Given = (value, param) =>
    areRead[param] === true ? value : program.callMachine('copy', value)
  const made = kind === 'merge' ? mergeLoop(program, given) : itemLoop(program, kind, given)
  return program.hoist('walk', program.callMachine('ownLoop', literal(kind), made))
}

/** How an item is given to a parameter: as a copy, unless the closure only looks at it. */
type Given = (item: Expression, param: number) => Expression

const name = identifier
const CODE = name('code')
const DEPTH = name('depth')
const AT = name('at')
const ITEMS = name('items')
const RESULTS = name('results')
const NEXT = name('next')
const GIVEN = name('given')
const ANSWER = name('answer')
const COUNT = name('count')

/** What the called function left behind of itself is taken back. */
const RETURNED: readonly Statement[] = [
  evaluate(assign(member(name(RUN), 'depth'), binary('-', DEPTH, literal(1)))),
  evaluate(assign(member(name(RUN), 'at'), AT)),
]

function itemLoop(
  program: ProgramContext,
  kind: Exclude<WalkKind, 'merge'>,
  given: Given,
): Expression {
  const item = memberAt(ITEMS, NEXT)
  const args = kind === 'fold' ? [GIVEN, given(item, 1)] : [given(item, 0)]
  const left = decrease(runField('left'), literal(1))
  const round: Statement[] = [
    ifElse(binary('<', left, literal(0)), [evaluate(call(runField('overdrawn'), AT))]),
    declareConst('answer', call(CODE, DEPTH, AT, literal(undefined), ...args)),
    ...RETURNED,
    ...use(kind),
  ]
  const test = binary('<', NEXT, member(ITEMS, 'length'))
  return functionOf(
    ['code', 'depth', 'at', 'items', 'results', 'next', 'given'],
    [
      declareLet('count', literal(0)),
      loop(round, { test, update: increment(NEXT) }),
      ...(kind === 'fold' ? [evaluate(assign(memberAt(RESULTS, literal(0)), GIVEN))] : []),
      returnValue(kind === 'select' ? COUNT : NEXT),
    ],
  )

  function use(kind: Exclude<WalkKind, 'merge'>): Statement[] {
    switch (kind) {
      case 'collect':
        return [evaluate(assign(memberAt(RESULTS, NEXT), ANSWER))]
      case 'select': {
        const kept = memberAt(RESULTS, increment(COUNT))
        const copied = program.callMachine('copy', item)
        return [ifElse(program.callMachine('isTrue', ANSWER), [evaluate(assign(kept, copied))])]
      }
      case 'search':
        return [
          ifElse(binary('!==', ANSWER, GIVEN), [
            evaluate(assign(memberAt(RESULTS, literal(0)), ANSWER)),
            returnValue(NEXT),
          ]),
        ]
      case 'fold':
        return [evaluate(assign(GIVEN, ANSWER))]
    }
  }
}

/** Merges two sorted runs of `items` into the same places of `results`. */
function mergeLoop(program: ProgramContext, given: Given): Expression {
  const [left, right, end, middle] = [name('left'), name('right'), name('end'), name('middle')]
  const takesLeft = name('takesLeft')
  const first = name('first')
  const second = name('second')
  const called = call(CODE, DEPTH, AT, literal(undefined), given(first, 0), given(second, 1))
  const failed = program.callMachine('comparerFailed', name(RUN), name('error'))
  const isNumber = binary('===', unary('typeof ', ANSWER), literal('number'))
  const order = conditional(
    isNumber,
    ANSWER,
    program.callMachine('orderGiven', ANSWER, first, second),
  )
  const compared: Statement[] = [
    declareConst('first', memberAt(ITEMS, left)),
    declareConst('second', memberAt(ITEMS, right)),
    declareLet('answer'),
    tryCatch([evaluate(assign(ANSWER, called)), ...RETURNED], 'error', [
      evaluate(assign(ANSWER, failed)),
    ]),
    evaluate(assign(takesLeft, binary('<=', order, literal(0)))),
  ]
  const areBoth = both(binary('<', left, middle), binary('<', right, end))
  const taken = conditional(
    takesLeft,
    memberAt(ITEMS, increment(left)),
    memberAt(ITEMS, increment(right)),
  )
  const round: Statement[] = [
    declareLet('takesLeft', binary('<', left, middle)),
    ifElse(areBoth, compared),
    evaluate(assign(memberAt(RESULTS, NEXT), taken)),
  ]
  return functionOf(
    ['code', 'depth', 'at', 'items', 'results', 'next', 'middle', 'end'],
    [
      declareLet('left', NEXT),
      declareLet('right', middle),
      loop(round, { test: binary('<', NEXT, end), update: increment(NEXT) }),
    ],
  )
}
