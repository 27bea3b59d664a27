export { type CommandLine, runCommandLine } from './cli.ts'
