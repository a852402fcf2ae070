/** @jsxImportSource preact */
import { render } from 'preact'
import { applyStoredTheme } from '../lib/theme.ts'
import '../styles/tokens.css'
import '../styles/reset.css'
import { SignInPage } from './sign-in-page.tsx'

applyStoredTheme()
const root = document.getElementById('root')
if (root !== null) render(<SignInPage />, root)
