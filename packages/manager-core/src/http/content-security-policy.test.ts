import { describe, expect, it } from 'vitest'
import { contentSecurityPolicy } from './content-security-policy.ts'

/** sha256 of `alert(1)`, in base64, as browsers compute it. */
const HASH = "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"

describe('contentSecurityPolicy', () => {
  it('allows inline scripts by their hash only', () => {
    const policy = contentSecurityPolicy([
      '<p><script>alert(1)</script><script src="/a.js"></script>',
    ])
    expect(policy).toContain(`script-src 'self' ${HASH};`)
  })

  it('lists one script of many pages once', () => {
    const page = '<SCRIPT type="module">alert(1)</SCRIPT>'
    expect(contentSecurityPolicy([page, page]).split(HASH)).toHaveLength(2)
  })

  it('never allows scripts that are inline or evaluated in general', () => {
    const scripts = /script-src [^;]+/.exec(contentSecurityPolicy(['<script>a</script>']))?.[0]
    expect(scripts).not.toContain('unsafe')
    expect(contentSecurityPolicy([])).toContain("frame-ancestors 'none'")
  })
})
