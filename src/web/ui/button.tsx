import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import styles from './button.module.css'
import { classNames } from './class-names.ts'

type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger'

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: ButtonVariant
  /** Fills the width of its container. */
  wide?: boolean
  ref?: Ref<HTMLButtonElement>
  children: ReactNode
}

/** A button with words, optionally after a 16 px icon. `secondary` unless told otherwise; submits nothing by itself. */
export function Button({ variant = 'secondary', wide = false, className, type = 'button', ...rest }: ButtonProps) {
  return <button {...rest} type={type} className={classNames(buttonClass(variant, wide), className)} />
}

/** The look of a button for a link. */
export function buttonClass(variant: ButtonVariant, wide = false): string {
  return classNames(styles.button, styles[variant], wide && styles.wide)
}

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label'> {
  /** Its accessible name, also shown as a tooltip. */
  label: string
  ref?: Ref<HTMLButtonElement>
  children: ReactNode
}

/** A square, quiet button with an icon only. */
export function IconButton({ label, className, type = 'button', ...rest }: IconButtonProps) {
  return <button title={label} {...rest} type={type} aria-label={label} className={classNames(iconButtonClass(), className)} />
}

/** The look of an icon button for a menu's button or a link. */
export function iconButtonClass(): string {
  return classNames(styles.button, styles.quiet, styles.icon)
}
