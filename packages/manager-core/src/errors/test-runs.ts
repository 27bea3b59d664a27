/**
 * Errors of trying what is not saved, and of the requests kept for that.
 *
 * @module
 */
import { quote, UserError } from './user-error.ts'

export class TestRunsElsewhereError extends UserError<'PIC_TEST_ELSEWHERE'> {
  constructor() {
    super({
      code: 'PIC_TEST_ELSEWHERE',
      status: 503,
      message: 'This program runs no scripts, so nothing can be tried here that is not saved.',
    })
  }
}

export class TestRunNotReadyError extends UserError<'PIC_TEST_NOT_READY'> {
  constructor(name: string) {
    const message = `This node has not heard of the script ${quote(name)} yet: try again.`
    super({ code: 'PIC_TEST_NOT_READY', status: 503, message })
  }
}

export class SampleNotFoundError extends UserError<'PIC_SAMPLE_NOT_FOUND'> {
  constructor(script: string, name: string) {
    const message = `The script ${quote(script)} has no sample named ${quote(name)}.`
    super({ code: 'PIC_SAMPLE_NOT_FOUND', status: 404, message })
  }
}

export class SampleNameInvalidError extends UserError<'PIC_SAMPLE_NAME_INVALID'> {
  constructor(why: string) {
    super({ code: 'PIC_SAMPLE_NAME_INVALID', status: 422, message: `The name of a sample: ${why}` })
  }
}

export class SamplesFullError extends UserError<'PIC_SAMPLES_FULL'> {
  constructor(script: string, max: number) {
    const message = `The script ${quote(script)} has ${max} samples, and none can have more.`
    super({ code: 'PIC_SAMPLES_FULL', status: 409, message })
  }
}
