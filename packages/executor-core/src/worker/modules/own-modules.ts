/**
 * The modules a sandbox offers by itself: functions of their arguments, which reach nothing outside.
 *
 * One file each. A module charges for its work before it does it, gives errors that scripts can
 * catch (`refusal.ts`), and makes nothing but values of the language. What it stands on is loaded
 * at the first call (`library.ts`).
 *
 * @module
 */
import type { HostModule } from '@picloud/rhai'
import type { OwnModuleName } from '../../protocol/own-modules.ts'
import { LOG_MODULE } from '../script-log.ts'
import { BASE64_MODULE } from './base64.ts'
import { CRYPTO_MODULE } from './crypto.ts'
import { CSV_MODULE } from './csv.ts'
import { HEX_MODULE } from './hex.ts'
import { HTML_MODULE } from './html.ts'
import { JSON_MODULE } from './json.ts'
import { JWT_MODULE } from './jwt/jwt.ts'
import { RANDOM_MODULE } from './random.ts'
import { REGEX_MODULE } from './regex.ts'
import { RESPONSE_MODULE } from './response.ts'
import { TIME_MODULE } from './time.ts'
import { URL_MODULE } from './url.ts'
import { UUID_MODULE } from './uuid.ts'

export const OWN_MODULES: Readonly<Record<OwnModuleName, HostModule>> = {
  log: LOG_MODULE,
  base64: BASE64_MODULE,
  hex: HEX_MODULE,
  crypto: CRYPTO_MODULE,
  jwt: JWT_MODULE,
  random: RANDOM_MODULE,
  uuid: UUID_MODULE,
  response: RESPONSE_MODULE,
  html: HTML_MODULE,
  json: JSON_MODULE,
  regex: REGEX_MODULE,
  url: URL_MODULE,
  time: TIME_MODULE,
  csv: CSV_MODULE,
}
