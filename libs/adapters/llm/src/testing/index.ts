export {
  scriptedOpenAI,
  type ChatRequestBody,
  type OpenAIRequest,
  type OpenAIScript,
  type RawScript,
  type ScriptedOpenAI,
} from './scripted-openai.js';
