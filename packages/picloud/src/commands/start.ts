/**
 * `picloud start`: the whole of PiCloud in this process.
 *
 * This command reads the settings; what is started and how it stops is the business of `start/`.
 *
 * @module
 */
import {
  type ConfigurationFlags,
  defaultInWords,
  readConfiguration,
  SETTINGS,
  type SettingText,
  settingsHelp,
  settingsOf,
} from '@picloud/program'
import type { Command } from 'commander'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { START_SETTINGS } from '../start/start-settings.ts'
import type { CommandContext } from './command-context.ts'

export function addStartCommand(program: Command, context: CommandContext): void {
  const command = program.command('start').description('start PiCloud on this machine')
  for (const name of settingsOf(START_SETTINGS)) {
    const setting: SettingText = SETTINGS[name]
    if (setting.flag === undefined) continue
    const about = `${setting.about} [${setting.env}] (default: ${defaultInWords(setting)})`
    command.option(setting.flag, about)
  }
  command
    .addHelpText(
      'after',
      () => `\nA flag wins over its variable.\n\n${settingsHelp(START_SETTINGS)}`,
    )
    .action(async (flags: ConfigurationFlags) => {
      const configuration = readConfiguration(START_SETTINGS, context.env, flags)
      // Loaded here: the other commands start faster without a server in memory.
      const { runStart } = await import('../start/run-start.ts')
      const exitCode = await runStart(configuration, context.services)
      if (exitCode !== EXIT.ok) context.finishWith(exitCode as ExitCode)
    })
}
