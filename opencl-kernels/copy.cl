// Copying and filling arrays of any strides, with a change of type on the way.
//   copy   to[i] = from[i] for every index i, converted from SOURCE to TARGET
//   fill   to[i] = value
// Build options: -D SOURCE=.. -D TARGET=.. are the element types (uchar is BOOL: 0 or 1); TO_BOOL where TARGET is BOOL,
// TO_LONG where a floating-point number becomes INT64, FP64 where either is double. Without them both are REAL.
//
// Up to 16 nested loops, sizes.sf the innermost, unused outer ones of size 1. A work-item has W steps of the
// innermost loop.
#include "types.clh"

#ifndef SOURCE
#define SOURCE REAL
#define TARGET REAL
#endif

#if defined(TO_BOOL)
#define CONVERT(x) ((TARGET)((x) != 0)) // NaN is true
#elif defined(TO_LONG)
// truncates; beyond the range the nearest, 0 for NaN: as Java's cast, and where the standard leaves it open
#define CONVERT(x) ((x) != (x) ? 0 : convert_long_sat(x))
#else
#define CONVERT(x) ((TARGET)(x))
#endif

// Splits off the index of loop `c`, counted from the innermost, and moves along it.
#define FROM_AND_TO(c) \
    if (rest != 0) { \
        const ulong outer = rest / sizes.c, i = rest - outer * sizes.c; \
        f += i * from_steps.c; \
        t += i * to_steps.c; \
        rest = outer; \
    }
#define TO(c) \
    if (rest != 0) { \
        const ulong outer = rest / sizes.c, i = rest - outer * sizes.c; \
        t += i * to_steps.c; \
        rest = outer; \
    }
#define OUTER_LOOPS(F) F(se) F(sd) F(sc) F(sb) F(sa) F(s9) F(s8) F(s7) F(s6) F(s5) F(s4) F(s3) F(s2) F(s1) F(s0)

// runs: number of work-items that have something to do
kernel void copy(const ulong runs, const ulong16 sizes, global const SOURCE *from, const ulong from_at,
                 const ulong16 from_steps, global TARGET *to, const ulong to_at, const ulong16 to_steps) {
    if (get_global_id(0) >= runs) {
        return;
    }
    const ulong across = (sizes.sf + W - 1) / W;
    ulong rest = get_global_id(0) / across;
    const ulong first = (get_global_id(0) - rest * across) * W;
    ulong f = from_at + first * from_steps.sf;
    ulong t = to_at + first * to_steps.sf;
    OUTER_LOOPS(FROM_AND_TO)
    const uint count = min((ulong)W, sizes.sf - first);
    for (uint i = 0; i < count; i++) {
        to[t + i * to_steps.sf] = CONVERT(from[f + i * from_steps.sf]);
    }
}

kernel void fill(const ulong runs, const ulong16 sizes, const TARGET value, global TARGET *to, const ulong to_at,
                 const ulong16 to_steps) {
    if (get_global_id(0) >= runs) {
        return;
    }
    const ulong across = (sizes.sf + W - 1) / W;
    ulong rest = get_global_id(0) / across;
    const ulong first = (get_global_id(0) - rest * across) * W;
    ulong t = to_at + first * to_steps.sf;
    OUTER_LOOPS(TO)
    const uint count = min((ulong)W, sizes.sf - first);
    for (uint i = 0; i < count; i++) {
        to[t + i * to_steps.sf] = value;
    }
}

#undef SOURCE
#undef TARGET
#undef CONVERT
#undef FROM_AND_TO
#undef TO
#undef OUTER_LOOPS
