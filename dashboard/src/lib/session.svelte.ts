/**
 * Whether somebody is signed in, as far as this page knows.
 *
 * Who it is is in a cookie that no script can read, this one included. That this browser has signed
 * in is noted, so that a visitor who has not is asked to before anything else; the server is the
 * judge of every call.
 *
 * @module
 */
const SIGNED_IN_KEY = 'picloud-signed-in'

class BrowserSession {
  isSignedIn = $state(localStorage.getItem(SIGNED_IN_KEY) !== null)
  /** Why it ended, in the server's words; empty when its owner ended it. */
  endedBecause = $state('')

  begin(): void {
    localStorage.setItem(SIGNED_IN_KEY, '1')
    this.endedBecause = ''
    this.isSignedIn = true
  }

  end(reason = ''): void {
    // A refused password is a 401 too, and ends nothing.
    if (!this.isSignedIn) return
    localStorage.removeItem(SIGNED_IN_KEY)
    this.endedBecause = reason
    this.isSignedIn = false
  }
}

export const session = new BrowserSession()
