export {
  scriptedOpenAI,
  type ChatRequestBody,
  type OpenAIRequest,
  type OpenAIScript,
  type PacedScript,
  type RawScript,
  type ScriptedOpenAI,
} from './scripted-openai.js';
