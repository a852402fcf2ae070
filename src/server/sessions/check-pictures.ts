import type { Attachment } from '#protocol/messages'
import { DomainError } from '../platform/domain-error.ts'
import { readPictureHeader } from './picture-header.ts'

/** Pixels of the longer side: what models take, and at most 256 MB where something decodes it. */
export const MAX_PICTURE_SIDE = 8000

/**
 * Lets through only pictures that are what they are declared to be and do not unfold to more than is bearable. To be asked
 * before anything of the prompt is kept, so that the prompt can be sent again without them.
 * @throws DomainError UNSUPPORTED_MEDIA_TYPE | TOO_LARGE
 */
export function checkPictures(attachments: readonly Attachment[]): void {
  for (const [index, { mediaType, data }] of attachments.entries()) {
    // By its place: a name is the sender's choice and may hold anything.
    const which = `Picture ${String(index + 1)}`
    const header = data.length % 4 === 0 ? readPictureHeader(Buffer.from(data, 'base64')) : null
    if (header === null)
      throw new DomainError('UNSUPPORTED_MEDIA_TYPE', `${which} is no PNG, JPEG, GIF or WebP. Nothing was sent; remove it and try again.`)
    if (header.mediaType !== mediaType)
      throw new DomainError('UNSUPPORTED_MEDIA_TYPE', `${which} is ${header.mediaType} but was declared as ${mediaType}. Nothing was sent.`)
    if (header.width < 1 || header.height < 1 || Math.max(header.width, header.height) > MAX_PICTURE_SIDE)
      throw new DomainError(
        'TOO_LARGE',
        `${which} is ${String(header.width)} × ${String(header.height)} pixels; each side may have 1 to ${String(MAX_PICTURE_SIDE)}. Nothing was sent; make it smaller and try again.`,
      )
  }
}
