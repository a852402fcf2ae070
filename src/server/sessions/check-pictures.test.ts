import { describe, expect, test } from 'vitest'
import type { Attachment } from '#protocol/messages'
import { checkPictures, MAX_PICTURE_SIDE } from './check-pictures.ts'

type MediaType = Attachment['mediaType']

function picture(mediaType: MediaType, bytes: Buffer): Attachment[] {
  return [{ kind: 'image', mediaType, data: bytes.toString('base64') }]
}

function png(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(33)
  Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR', 'latin1').copy(bytes)
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}

function gif(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(13)
  bytes.write('GIF89a', 'latin1')
  bytes.writeUInt16LE(width, 6)
  bytes.writeUInt16LE(height, 8)
  return bytes
}

/** With an EXIF segment and a table before the frame. */
function jpeg(width: number, height: number): Buffer {
  const frame = Buffer.from([0xff, 0xc2, 0, 17, 8, 0, 0, 0, 0, 3])
  frame.writeUInt16BE(height, 5)
  frame.writeUInt16BE(width, 7)
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, 6, 1, 2, 3, 4, 0xff, 0xc4, 0, 4, 9, 9]), frame])
}

function webp(chunk: 'VP8X' | 'VP8L' | 'VP8 ', width: number, height: number): Buffer {
  const bytes = Buffer.alloc(32)
  bytes.write(`RIFF\0\0\0\0WEBP${chunk}`, 'latin1')
  if (chunk === 'VP8X') {
    bytes.writeUIntLE(width - 1, 24, 3)
    bytes.writeUIntLE(height - 1, 27, 3)
  } else if (chunk === 'VP8L') {
    bytes.writeUInt8(0x2f, 20)
    bytes.writeUInt32LE((((height - 1) << 14) | (width - 1)) >>> 0, 21)
  } else {
    bytes.writeUIntBE(0x9d012a, 23, 3)
    bytes.writeUInt16LE(width, 26)
    bytes.writeUInt16LE(height, 28)
  }
  return bytes
}

const MAKERS: [string, MediaType, (width: number, height: number) => Buffer][] = [
  ['PNG', 'image/png', png],
  ['GIF', 'image/gif', gif],
  ['JPEG', 'image/jpeg', jpeg],
  ['extended WebP', 'image/webp', (width, height) => webp('VP8X', width, height)],
  ['lossless WebP', 'image/webp', (width, height) => webp('VP8L', width, height)],
  ['lossy WebP', 'image/webp', (width, height) => webp('VP8 ', width, height)],
]

describe('pictures beside a prompt', () => {
  test.each(MAKERS)('a %s is taken up to the greatest side, and no further', (_, mediaType, make) => {
    expect(() => checkPictures(picture(mediaType, make(MAX_PICTURE_SIDE, 3)))).not.toThrow()
    expect(() => checkPictures(picture(mediaType, make(3, MAX_PICTURE_SIDE)))).not.toThrow()
    expect(() => checkPictures(picture(mediaType, make(MAX_PICTURE_SIDE + 1, 3)))).toThrow(/8001 × 3 pixels/)
    expect(() => checkPictures(picture(mediaType, make(3, MAX_PICTURE_SIDE + 1)))).toThrow(/3 × 8001 pixels/)
  })

  test('a small file that would unfold to gigabytes is refused by its header', () => {
    expect(() => checkPictures(picture('image/png', png(50_000, 50_000)))).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }))
    expect(() => checkPictures(picture('image/png', png(0, 5)))).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }))
  })

  test.each(MAKERS)('a %s cut off anywhere in its header is refused without a fault of ours', (_, mediaType, make) => {
    const whole = make(10, 10)
    for (let length = 1; length < whole.length - 3; length += 1)
      expect(() => checkPictures(picture(mediaType, whole.subarray(0, length)))).toThrow(
        expect.objectContaining({ code: 'UNSUPPORTED_MEDIA_TYPE' }),
      )
  })

  test.each([
    '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    '<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>',
    '<!doctype html><script>alert(1)</script>',
    '%PDF-1.7 1 0 obj << /JS (app.alert(1)) >>',
    'MIME-Version: 1.0\r\nContent-Type: multipart/related',
    'GIF89',
    'PK\x03\x04 an archive',
  ])('what is no picture is refused, whatever it claims: %s', (text) => {
    for (const mediaType of ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const)
      expect(() => checkPictures(picture(mediaType, Buffer.from(text, 'latin1')))).toThrow(
        expect.objectContaining({ code: 'UNSUPPORTED_MEDIA_TYPE' }),
      )
  })

  test('a picture declared as another kind is refused, and the sentence names which one', () => {
    const [good] = picture('image/gif', gif(1, 1))
    const [lying] = picture('image/png', gif(1, 1))
    expect(() => checkPictures([good, lying].flatMap((one) => one ?? []))).toThrow(/Picture 2 is image\/gif but was declared as image\/png/)
  })

  test('base64 that was cut is refused', () => {
    expect(() => checkPictures([{ kind: 'image', mediaType: 'image/png', data: png(1, 1).toString('base64').slice(0, -1) }])).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED_MEDIA_TYPE' }),
    )
  })
})
