/**
 * What an app answers on a host that leads to this machine only by its name in the request.
 *
 * @module
 */
import { get } from 'node:http'
import type { Program } from '../program.ts'

export interface HostAnswer {
  readonly status: number
  readonly text: string
}

export function hostAnswer(program: Program, host: string, path: string): Promise<HostAnswer> {
  return new Promise((resolve, reject) => {
    get(`${program.url}${path}`, { headers: { host } }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    }).on('error', reject)
  })
}
