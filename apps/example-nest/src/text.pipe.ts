import { BadRequestException, type PipeTransform } from '@nestjs/common';

export class TextPipe implements PipeTransform<unknown, string> {
  transform(value: unknown): string {
    if (typeof value === 'string' && value.trim() !== '') return value;
    throw new BadRequestException('Send {"text": "..."}.');
  }
}
