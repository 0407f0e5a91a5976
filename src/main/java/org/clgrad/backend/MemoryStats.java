package org.clgrad.backend;

/**
 * Memory of one device, in bytes. Sizes are those of the blocks handed out, which may be rounded up.
 *
 * @param inUse held by live buffers
 * @param cached kept for reuse
 * @param peak largest {@code inUse} so far
 * @param budget most that {@code inUse + cached} may reach
 * @param allocations blocks asked for so far
 * @param reused how many of these came from the cache
 */
public record MemoryStats(long inUse, long cached, long peak, long budget, long allocations, long reused) {}
