import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseSync } from '@swc/core'

/** The text of every declaration that a type is made of, without comments, by `<file> <name>`. */
export type DeclaredShape = Readonly<Record<string, string>>

interface Node {
  readonly type?: string
  readonly span?: { readonly start: number; readonly end: number }
  readonly [name: string]: unknown
}

interface SourceFile {
  /** Interfaces and type aliases. */
  readonly declared: ReadonlyMap<string, Node>
  /** Where an imported name is declared: the file, from the root. */
  readonly imported: ReadonlyMap<string, string>
  textOf(node: Node): string
}

/**
 * Follows a type through the project's files. Lists of names (`typeof flowNames`) are not followed: another name in a list is
 * another value, not another shape.
 */
export function declaredShape(root: string, file: string, name: string): DeclaredShape {
  const files = new Map<string, SourceFile>()
  const shape: Record<string, string> = {}
  follow(file, name)
  return Object.fromEntries(Object.entries(shape).sort(([a], [b]) => (a < b ? -1 : 1)))

  function follow(path: string, wanted: string): void {
    const source = files.get(path) ?? readSource(root, path)
    files.set(path, source)
    const node = source.declared.get(wanted)
    if (!node) {
      const from = source.imported.get(wanted)
      // Neither declared nor imported: a part of the language, such as Record, or a parameter of the type itself.
      if (from !== undefined) follow(from, wanted)
      return
    }
    const key = `${path} ${wanted}`
    if (key in shape) return
    shape[key] = source.textOf(node)
    for (const used of typesIn(node)) follow(path, used)
  }
}

function readSource(root: string, path: string): SourceFile {
  const bytes = Buffer.from(readFileSync(join(root, path)))
  const module = parseSync(bytes.toString('utf8'), { syntax: 'typescript', comments: false }) as unknown as Node
  const declared = new Map<string, Node>()
  const imported = new Map<string, string>()
  for (const item of module['body'] as readonly Node[]) {
    const node = item.type === 'ExportDeclaration' ? (item['declaration'] as Node) : item
    if (node.type === 'TsInterfaceDeclaration' || node.type === 'TsTypeAliasDeclaration')
      declared.set(nameOf(node['id']), node)
    if (node.type !== 'ImportDeclaration') continue
    const from = (node['source'] as { readonly value: string }).value
    if (!from.startsWith('.')) continue
    for (const one of node['specifiers'] as readonly Node[])
      imported.set(nameOf(one['local']), join(dirname(path), from))
  }
  // swc counts bytes, on from wherever it ended with the file before.
  const start = (module.span?.start ?? 0) - leadingBytes(bytes, module)
  const textOf = ({ span }: Node): string =>
    bytes
      .subarray((span?.start ?? 0) - start, (span?.end ?? 0) - start)
      .toString('utf8')
      .replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '')
      .replace(/\s+/g, ' ')
      .trim()
  return { declared, imported, textOf }
}

/** A module's span begins with its first statement: what stands before it is counted off. */
function leadingBytes(bytes: Buffer, module: Node): number {
  const whole = (module.span?.end ?? 0) - (module.span?.start ?? 0)
  const text = bytes.toString('utf8')
  return Math.max(0, Buffer.byteLength(text.trimEnd()) - whole)
}

function nameOf(identifier: unknown): string {
  return (identifier as { readonly value: string }).value
}

function typesIn(value: unknown): Set<string> {
  const found = new Set<string>()
  const look = (part: unknown): void => {
    if (Array.isArray(part)) for (const one of part) look(one)
    else if (typeof part === 'object' && part !== null) {
      const node = part as Node
      if (node.type === 'TsTypeReference' && (node['typeName'] as Node).type === 'Identifier')
        found.add(nameOf(node['typeName']))
      if (node.type === 'TsExpressionWithTypeArguments') found.add(nameOf(node['expression']))
      // `typeof names` and `Options['choice']` are followed by name only: they take values from there, not a shape.
      if (node.type !== 'TsTypeQuery' && node.type !== 'TsIndexedAccessType')
        for (const one of Object.values(node)) look(one)
    }
  }
  look(value)
  return found
}
