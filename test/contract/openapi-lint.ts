import { createConfig, lintFromString } from '@redocly/openapi-core'

/** What Redocly's linter says of a document, in one line each. */
export type LintRules = NonNullable<NonNullable<Parameters<typeof createConfig>[0] & object>['rules']>

/**
 * Lints with every rule that Redocly has, each as an error, changed by `rules`.
 * @returns `rule: message (place)`, sorted by rule
 */
export async function lintOpenApi(text: string, rules: LintRules): Promise<string[]> {
  const config = await createConfig({ extends: ['all'], rules })
  const problems = await lintFromString({ source: text, absoluteRef: '/openapi.json', config })
  return problems
    .map(({ ruleId, message, location }) => `${ruleId}: ${message} (${location[0]?.pointer ?? ''})`)
    .toSorted()
}
