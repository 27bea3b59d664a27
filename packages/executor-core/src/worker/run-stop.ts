/**
 * Why a run was ended from outside its script.
 *
 * @module
 */
export type RunStop = 'cancelled' | 'deadline' | 'streamTime' | 'processorTime'
