/**
 * Makes a fresh process quick before it says that it is ready.
 *
 * The first script that a process compiles takes several times as long as those after it, because
 * JavaScript compiles the compiler on the way. So the first one is ours. It has a bit of everything
 * that scripts usually have, and does nothing.
 *
 * @module
 */
import { compile, makeMap } from '@picloud/rhai'
import { SCRIPT_GLOBALS } from './script-globals.ts'

const SOURCE = `
  /// Says hello.
  fn greet(name) { if name == "" { "nobody" } else { \`Hello, \${name}!\` } }
  let list = [1, 2.5, "three", 'c', true, ()];
  let map = #{ a: 1, "b": [2, 3] };
  let sum = 0;
  for item in 0..4 { sum += item; if sum > 2 { break; } else { continue; } }
  while sum > 0 { sum -= 1; }
  map.c = list.filter(|item| type_of(item) == "i64").map(|item| item * 2).len() ?? 0;
  map.b[0] += 1;
  let text = switch sum { 0 if sum < 1 => "zero", 1..9 => "some", _ => "other" };
  try { throw #{ status: 404 }; } catch (error) { map.e = error.status; }
  if request.path.starts_with("/") && ctx.app != "" || !(map.a >= 2) { text += map.to_json(); }
  #{ statusCode: 200, headers: #{ "content-type": "text/plain" }, body: greet(text) }
`

export function warmUp(evaluate: (code: string) => unknown): void {
  const program = compile(SOURCE, { globals: SCRIPT_GLOBALS }).instantiate(evaluate)
  program.run({
    globals: { request: makeMap([['path', '/']]), ctx: makeMap([['app', 'warm-up']]) },
  })
}
