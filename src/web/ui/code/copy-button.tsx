import Check from 'lucide-react/icons/check'
import Copy from 'lucide-react/icons/copy'
import { useEffect, useState } from 'react'
import { IconButton } from '../button.tsx'

const HAS_CLIPBOARD = 'clipboard' in navigator

interface CopyButtonProps {
  text: string
  label: string
  copiedLabel: string
}

/** Puts `text` on the clipboard, and says so for two seconds. Absent where the browser has none to give, as on plain HTTP. */
export function CopyButton({ text, label, copiedLabel }: CopyButtonProps) {
  const [isCopied, setIsCopied] = useState(false)

  useEffect(() => {
    if (!isCopied) return undefined
    const timer = setTimeout(() => setIsCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [isCopied])

  function copy() {
    navigator.clipboard.writeText(text).then(
      () => setIsCopied(true),
      () => setIsCopied(false),
    )
  }

  if (!HAS_CLIPBOARD) return null
  return (
    <IconButton label={isCopied ? copiedLabel : label} onClick={copy}>
      {isCopied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
    </IconButton>
  )
}
