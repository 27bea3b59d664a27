/**
 * Tokens of what `parse_json` takes: expressions, with JSON's spelling of maps and `null`.
 *
 * @module
 */
import { improperSymbol } from './lex-failure.ts'
import { Lexer } from './lexer.ts'
import { TOKEN_TEXT, TokenKind } from './token-kind.ts'

export class JsonLexer extends Lexer {
  protected override refine(kind: TokenKind): TokenKind {
    switch (kind) {
      case TokenKind.LeftBrace:
        return TokenKind.MapStart
      case TokenKind.Reserved:
        return this.token.text === 'null' ? TokenKind.Unit : kind
      case TokenKind.Unit:
      case TokenKind.MapStart:
        return this.#refuse(TOKEN_TEXT[kind] ?? '')
      case TokenKind.InterpolatedString:
        return this.#refuse('interpolated string')
      default:
        return kind
    }
  }

  #refuse(symbol: string): TokenKind {
    return this.token.fail(improperSymbol(`Invalid symbol encountered: '${symbol}'`))
  }
}
