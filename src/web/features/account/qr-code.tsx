import { encode } from 'uqr'
import styles from './qr-code.module.css'
import { qrPath } from './qr-path.ts'

/** The empty border that a reader needs, in modules (ISO/IEC 18004, section 5.3.8). */
const QUIET_ZONE = 4

const MAX_PIXELS = 216

/** A QR code, dark on light in every theme, since readers expect it so. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { ecc: 'L', border: 0 })
  const edge = size + 2 * QUIET_ZONE
  // Whole pixels for each module, so that all are alike.
  const pixels = edge * Math.max(1, Math.floor(MAX_PIXELS / edge))
  return (
    <svg
      role="img"
      aria-label={label}
      className={styles.code}
      width={pixels}
      height={pixels}
      viewBox={`${-QUIET_ZONE} ${-QUIET_ZONE} ${edge} ${edge}`}
    >
      <path d={qrPath(data)} />
    </svg>
  )
}
