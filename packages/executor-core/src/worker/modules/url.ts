/**
 * `url::`, URLs as browsers understand them (WHATWG).
 *
 *     url::parse(text)             map of its parts
 *     url::build(parts)            the text
 *     url::join(base, reference)   where a link on a page leads
 *     url::query(text)             map of names and values, the last of each name
 *     url::pairs(text)             array of [name, value], all of them
 *     url::query(map), (pairs)     the text
 *     url::encode(text)            text as one segment of a path or a value in a query
 *     url::decode(text)
 *
 * @module
 */
import { ARRAY, checkStringSize, type HostModule, hostFunction, MAP, STRING } from '@picloud/rhai'
import { chargeUnits } from '../charge.ts'
import { queryMap, queryPairs, queryText } from './url/query.ts'
import { invalid, parsedUrl, partsOfUrl, urlOfParts } from './url/url-parts.ts'

const PASSES = 12

export const URL_MODULE: HostModule = {
  functions: {
    parse: hostFunction([STRING], (context, text) => partsOfUrl(parsedUrl(context, text))),
    build: hostFunction([MAP], (context, parts) => urlOfParts(context, parts).href),
    join: hostFunction([STRING, STRING], (context, base, reference) => {
      return parsedUrl(context, reference, parsedUrl(context, base)).href
    }),
    query: [
      hostFunction([STRING], queryMap),
      hostFunction([MAP], queryText),
      hostFunction([ARRAY], queryText),
    ],
    pairs: hostFunction([STRING], queryPairs),
    encode: hostFunction([STRING], (context, text) => {
      chargeUnits(context, text.length, PASSES)
      checkStringSize(context, text.length)
      const encoded = encodeURIComponent(text)
      checkStringSize(context, encoded.length)
      return encoded
    }),
    decode: hostFunction([STRING], (context, text) => {
      chargeUnits(context, text.length, PASSES)
      try {
        return decodeURIComponent(text)
      } catch {
        throw invalid('The text has a % that begins no char in UTF-8')
      }
    }),
  },
}
