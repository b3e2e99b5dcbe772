import { describeBudget } from '../budget-contract.js';
import { memoryBudget } from './memory-budget.js';

describeBudget('memoryBudget', async () => {
  const budgets = new Map<string, ReturnType<typeof memoryBudget>>();
  return {
    make(limits) {
      const key = JSON.stringify(limits);
      const made = budgets.get(key) ?? memoryBudget(limits);
      budgets.set(key, made);
      return made;
    },
  };
});
