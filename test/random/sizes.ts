/** How much is asked in random sequences; a replay has to draw the same. */
export const QUESTIONS_A_CHANGE = 8;
