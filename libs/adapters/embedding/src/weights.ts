/** The files under a model's `onnx/`, best first, named by the precision of their weights. */
const FILES = {
  fp32: 'model.onnx',
  q8: 'model_quantized.onnx',
  int8: 'model_int8.onnx',
  uint8: 'model_uint8.onnx',
  fp16: 'model_fp16.onnx',
  q4: 'model_q4.onnx',
  q4f16: 'model_q4f16.onnx',
  bnb4: 'model_bnb4.onnx',
} as const;

export type Dtype = keyof typeof FILES;

/** The best precision among the files that are there. */
export function bestDtype(files: readonly string[]): Dtype | undefined {
  return (Object.keys(FILES) as Dtype[]).find((dtype) => files.includes(FILES[dtype]));
}
