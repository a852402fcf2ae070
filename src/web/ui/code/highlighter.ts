import hljs from 'highlight.js/lib/core'
import bash from 'highlight.js/lib/languages/bash'
import c from 'highlight.js/lib/languages/c'
import css from 'highlight.js/lib/languages/css'
import diff from 'highlight.js/lib/languages/diff'
import go from 'highlight.js/lib/languages/go'
import java from 'highlight.js/lib/languages/java'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import markdown from 'highlight.js/lib/languages/markdown'
import python from 'highlight.js/lib/languages/python'
import rust from 'highlight.js/lib/languages/rust'
import sql from 'highlight.js/lib/languages/sql'
import typescript from 'highlight.js/lib/languages/typescript'
import xml from 'highlight.js/lib/languages/xml'
import yaml from 'highlight.js/lib/languages/yaml'
import type { CodeRun } from './code-runs.ts'

/* Loaded on demand: see use-highlight.ts. */

const languages = { bash, c, css, diff, go, java, javascript, json, markdown, python, rust, sql, typescript, xml, yaml }
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language)

/** Collects runs of text with their innermost scope, in the place of the library's HTML. */
class RunEmitter {
  readonly runs: CodeRun[] = []
  readonly #scopes: string[] = []

  startScope(name: string): void {
    this.#scopes.push(name)
  }

  endScope(): void {
    this.#scopes.pop()
  }

  openNode(name: string): void {
    this.startScope(name)
  }

  closeNode(): void {
    this.endScope()
  }

  addText(text: string): void {
    if (text !== '') this.runs.push({ text, scope: this.#scopes.at(-1) ?? null })
  }

  __addSublanguage(emitter: unknown): void {
    if (emitter instanceof RunEmitter) this.runs.push(...emitter.runs)
  }

  finalize(): void {
    this.#scopes.length = 0
  }

  toHTML(): string {
    return ''
  }
}

hljs.configure({ __emitter: RunEmitter })

/** The code in coloured runs, or null where the language is not known. */
export function highlight(code: string, language: string): CodeRun[] | null {
  if (hljs.getLanguage(language) === undefined) return null
  const emitter: unknown = hljs.highlight(code, { language, ignoreIllegals: true })._emitter
  return emitter instanceof RunEmitter ? emitter.runs : null
}
