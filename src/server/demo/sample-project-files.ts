/**
 * The sample project of the demo: a till for a corner shop, without dependencies, with one bug in `src/cart.js` that
 * makes one test fail. Paths are relative to the project's folder.
 */
export const SAMPLE_PROJECT_FILES: Readonly<Record<string, string>> = {
  'package.json': `{
  "name": "corner-shop",
  "version": "1.0.0",
  "description": "The till of a small corner shop: carts, discounts and receipts.",
  "private": true,
  "type": "module",
  "engines": { "node": ">=20" },
  "scripts": {
    "start": "node src/main.js",
    "test": "node --test"
  }
}
`,
  '.gitignore': `node_modules/
*.log
`,
  'README.md': `# Corner shop

The till of a small corner shop. It keeps a cart, takes discounts off and prints a receipt.
Prices are whole cents all the way through, so that nothing is ever rounded twice.

    npm start    # prints a receipt
    npm test     # runs the tests

| file | holds |
| --- | --- |
| \`src/cart.js\` | the lines of a purchase and what they cost together |
| \`src/money.js\` | cents as text |
| \`src/receipt.js\` | what the printer gets |
`,
  'src/cart.js': `/** A purchase: a list of lines, each with a name, a price in cents and how many. */
export function createCart() {
  return { lines: [] }
}

/** Puts something into the cart. The same thing at the same price joins its line. */
export function addItem(cart, name, priceCents, quantity = 1) {
  if (!Number.isInteger(priceCents) || priceCents < 0) throw new RangeError('A price is a whole number of cents')
  if (!Number.isInteger(quantity) || quantity < 1) throw new RangeError('A quantity is at least 1')
  const line = cart.lines.find((known) => known.name === name && known.priceCents === priceCents)
  if (line) line.quantity += quantity
  else cart.lines.push({ name, priceCents, quantity })
  return cart
}

/** What everything in the cart costs together, in cents. */
export function totalCents(cart) {
  return cart.lines.reduce((sum, line) => sum + line.priceCents, 0)
}
`,
  'src/money.js': `/** Cents as a price tag: 1299 becomes "12.99". */
export function formatCents(cents) {
  const sign = cents < 0 ? '-' : ''
  const whole = Math.floor(Math.abs(cents) / 100)
  const rest = String(Math.abs(cents) % 100).padStart(2, '0')
  return \`\${sign}\${whole}.\${rest}\`
}
`,
  'src/receipt.js': `import { totalCents } from './cart.js'
import { formatCents } from './money.js'

/** The receipt as lines of text, the total last. */
export function receipt(cart) {
  const lines = cart.lines.map((line) => \`\${line.quantity} x \${line.name} \${formatCents(line.priceCents)}\`)
  return [...lines, \`Total \${formatCents(totalCents(cart))}\`].join('\\n')
}
`,
  'src/main.js': `import { addItem, createCart } from './cart.js'
import { receipt } from './receipt.js'

const cart = createCart()
addItem(cart, 'Apple', 45, 3)
addItem(cart, 'Bread', 320)
console.log(receipt(cart))
`,
  'test/cart.test.js': `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addItem, createCart, totalCents } from '../src/cart.js'

test('an empty cart costs nothing', () => {
  assert.equal(totalCents(createCart()), 0)
})

test('the same thing twice shares one line', () => {
  const cart = addItem(addItem(createCart(), 'Apple', 45), 'Apple', 45)
  assert.deepEqual(cart.lines, [{ name: 'Apple', priceCents: 45, quantity: 2 }])
})

test('the total counts every piece of a line', () => {
  const cart = addItem(addItem(createCart(), 'Apple', 45, 3), 'Bread', 320)
  assert.equal(totalCents(cart), 455)
})

test('half a cent is refused', () => {
  assert.throws(() => addItem(createCart(), 'Apple', 0.5), RangeError)
})
`,
  'test/money.test.js': `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatCents } from '../src/money.js'

test('cents are always two digits', () => {
  assert.equal(formatCents(1299), '12.99')
  assert.equal(formatCents(5), '0.05')
})

test('a refund keeps its sign', () => {
  assert.equal(formatCents(-150), '-1.50')
})
`,
}
