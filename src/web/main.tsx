import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './styles/tokens.css'
import './styles/reset.css'
import { App } from './app/app.tsx'
import { createServices } from './app/services.ts'
import { reloadForLinks } from './lib/link-fragment.ts'
import { applyStoredTheme } from './lib/theme.ts'

applyStoredTheme()
reloadForLinks()
const root = document.getElementById('root')
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App services={createServices()} />
    </StrictMode>,
  )
}
