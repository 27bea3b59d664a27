/**
 * What kind of thing each node of the grammar is, for colours.
 *
 * @module
 */
import { styleTags, tags as t } from '@lezer/highlight'

/** A name that holds a slash or a bang must be quoted. */
const quoted = (...names: readonly string[]): string =>
  names.map((name) => JSON.stringify(name)).join(' ')

export const rhaiHighlight = styleTags({
  'let const fn private': t.definitionKeyword,
  'if else switch while until loop do for return throw break continue try catch': t.controlKeyword,
  'import export as': t.moduleKeyword,
  [`in ${quoted('!in')}`]: t.operatorKeyword,
  'This Default': t.self,
  BooleanLiteral: t.bool,
  Number: t.number,
  'String RawString TemplateString': t.string,
  Char: t.character,
  Escape: t.escape,
  'InterpolationStart InterpolationEnd': t.special(t.brace),
  LineComment: t.lineComment,
  BlockComment: t.blockComment,
  DocComment: t.docComment,
  VariableName: t.variableName,
  VariableDefinition: t.definition(t.variableName),
  FunctionName: t.definition(t.function(t.variableName)),
  'CallExpression/VariableName CallExpression/ScopedName/VariableName': t.function(t.variableName),
  'CallExpression/MemberExpression/PropertyName': t.function(t.propertyName),
  PropertyName: t.propertyName,
  'PropertyDefinition MapEntry/String': t.definition(t.propertyName),
  'ModuleName ModuleDefinition': t.namespace,
  TypeName: t.typeName,
  [quoted('+', '-', '*', '/', '%', '**')]: t.arithmeticOperator,
  [quoted('<<', '>>', '&', '|', '^')]: t.bitwiseOperator,
  [quoted('!', '&&', '||', '??')]: t.logicOperator,
  [quoted('==', '!=', '<', '<=', '>', '>=')]: t.compareOperator,
  'AssignOp =': t.definitionOperator,
  [quoted('..', '..=', '=>')]: t.operator,
  [quoted('::', '.', '?.')]: t.derefOperator,
  '( )': t.paren,
  [quoted('[', ']', '?[')]: t.squareBracket,
  [quoted('{', '}', '#{')]: t.brace,
  [quoted(',', ';', ':')]: t.separator,
})
