import { memo } from 'react'
import styles from './visible-text.module.css'

/**
 * Characters that change what a reader believes to see: control and format characters (those that turn the direction
 * of writing, or have no width) and the two odd line breaks. Tab, line feed and the joints of emoji are what they seem.
 */
const DECEIVING = /([[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]--[\t\n\u{200d}]]|(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\u{fe0f}])\u{200d})/v

/** `text` in pieces; odd ones are to be marked. */
function splitDeceiving(text: string): string[] {
  return text.replaceAll('\r\n', '\n').split(DECEIVING)
}

function markOf(character: string): string {
  return `⟦U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟧`
}

/** Text of an agent or a tool, shown exactly: what would deceive the eye is written out and marked. */
export const VisibleText = memo(function VisibleText({ text }: { text: string }) {
  const pieces = splitDeceiving(text)
  if (pieces.length === 1) return <>{pieces[0]}</>
  return (
    <>
      {pieces.map((piece, index) =>
        index % 2 === 0 ? (
          piece
        ) : (
          <span key={index} className={styles.mark}>
            {markOf(piece)}
          </span>
        ),
      )}
    </>
  )
})
