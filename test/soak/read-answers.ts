/**
 * Reads all that a connection received as answers of HTTP/1.1, strictly.
 *
 * @module
 */
export interface ReadAnswer {
  readonly status: number
  readonly body: string
}

/** @throws when what was received is anything else; what breaks off at its end is left out */
export function readAnswers(received: string): readonly ReadAnswer[] {
  const answers: ReadAnswer[] = []
  let rest = received
  while (rest !== '') {
    const headEnd = rest.indexOf('\r\n\r\n')
    if (headEnd === -1) break
    const head = rest.slice(0, headEnd)
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1])
    if (Number.isNaN(status))
      throw new Error(`no answer begins with ${JSON.stringify(rest.slice(0, 40))}`)
    rest = rest.slice(headEnd + 4)
    // An interim answer is none yet.
    if (status < 200) continue
    const length = /^content-length: (\d+)$/im.exec(head)?.[1]
    if (length === undefined && status !== 204 && status !== 304) {
      throw new Error(`an answer ${status} does not say where it ends`)
    }
    answers.push({ status, body: rest.slice(0, Number(length ?? 0)) })
    rest = rest.slice(Number(length ?? 0))
  }
  return answers
}
