import { series } from '../series/index.ts';
import { seriesCheck } from './series/check.ts';

export default seriesCheck(series);
