/**
 * `picloud invoke`: runs a script on the server, without a route, and prints what it answers.
 *
 * @module
 */
import { isId } from '@picloud/shared'
import { type Command, Option } from 'commander'
import { apiClientFor } from '../client/api-client-for.ts'
import { resolveConnection } from '../client/connection.ts'
import { executeScript } from '../client/execute-script.ts'
import { EXIT } from '../exit-code.ts'
import { type CommandContext, type ServerOptions, withServerOptions } from './command-context.ts'
import { findScript } from './find-script.ts'
import { type BodyOptions, collect, queryOf, requestBodyOf } from './request-body.ts'
import { showAnswer } from './show-answer.ts'

interface InvokeOptions extends ServerOptions, BodyOptions {
  readonly app: string
  readonly query?: readonly string[]
}

export function addInvokeCommand(program: Command, context: CommandContext): void {
  withRequestOptions(withServerOptions(program.command('invoke')))
    .description('run a script on the server and print its answer')
    .argument('<script>', 'name or id')
    .option('--app <app>', 'slug or id of the app', 'default')
    .action((reference: string, options: InvokeOptions) => invoke(context, reference, options))
}

/** Adds the flags that make a request. */
function withRequestOptions(command: Command): Command {
  return command
    .addOption(
      new Option('-d, --data <text>', 'body of the request; JSON is sent as JSON').conflicts(
        'dataFile',
      ),
    )
    .option('-q, --query <pair>', 'a query parameter as name=value; repeatable', collect)
    .option('--data-file <path>', 'body from a file, its type from the name')
    .option('-H, --header <line>', 'a header such as "content-type: text/csv"; repeatable', collect)
}

async function invoke(
  context: CommandContext,
  reference: string,
  options: InvokeOptions,
): Promise<void> {
  const { headers, body } = await requestBodyOf(options)
  const query = queryOf(options.query)
  const connection = resolveConnection(options, context.env)
  // An id is not looked up: a token with the scope `execute` alone may run it, but not read it.
  const scriptId = isId(reference)
    ? reference
    : (await findScript(apiClientFor(connection), options.app, reference)).id
  const answer = await executeScript(connection, { scriptId, query, headers, body })
  const exitCode = showAnswer(context.terminal, answer, options.json === true)
  if (exitCode !== EXIT.ok) context.finishWith(exitCode)
}
