/**
 * An ONNX model of one operator, written byte by byte: `last_hidden_state = table[input_ids]`. It takes the inputs that
 * a BERT takes. Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
 */
export function gatherModel(table: readonly Float32Array[]): Buffer {
  const width = (table[0] as Float32Array).length;
  const node = [bytes(1, 'table'), bytes(1, 'input_ids'), bytes(2, 'last_hidden_state'), bytes(4, 'Gather')];
  const graph = [
    bytes(1, ...node),
    bytes(2, 'tiny'),
    bytes(5, number(1, table.length), number(1, width), number(2, FLOAT), bytes(8, 'table'), bytes(9, raw(table))),
    bytes(11, tensorInfo('input_ids', INT64, 'batch', 'tokens')),
    bytes(11, tensorInfo('attention_mask', INT64, 'batch', 'tokens')),
    bytes(12, tensorInfo('last_hidden_state', FLOAT, 'batch', 'tokens', width)),
  ];
  return Buffer.concat([number(1, IR_VERSION), bytes(7, ...graph), bytes(8, bytes(1, ''), number(2, OPSET))]);
}

const IR_VERSION = 8;
const OPSET = 13;
const FLOAT = 1;
const INT64 = 7;

function tensorInfo(name: string, type: number, ...shape: (string | number)[]): Buffer {
  const sizes = shape.map((size) => bytes(1, typeof size === 'number' ? number(1, size) : bytes(2, size)));
  return Buffer.concat([bytes(1, name), bytes(2, bytes(1, number(1, type), bytes(2, ...sizes)))]);
}

function raw(table: readonly Float32Array[]): Buffer {
  return Buffer.concat(table.map((row) => Buffer.from(row.buffer, row.byteOffset, row.byteLength)));
}

/** A protobuf field of wire type 0. */
const number = (field: number, value: number): Buffer => Buffer.concat([varint(field << 3), varint(value)]);

/** A protobuf field of wire type 2: a string, or the messages that make one up. */
function bytes(field: number, ...parts: (string | Buffer)[]): Buffer {
  const value = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([varint((field << 3) | 2), varint(value.length), value]);
}

function varint(value: number): Buffer {
  return value < 128 ? Buffer.from([value]) : Buffer.concat([Buffer.from([(value & 127) | 128]), varint(value >>> 7)]);
}
