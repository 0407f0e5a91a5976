// What a device can do at most, and the smallest useful kernel. V is float or a vector of W floats.

// Ten independent chains a work-item, so that the latency of one multiply-add hides behind the others. They end near 1000 c, far from
// numbers so small that some processors need a hundred times as long for them.
kernel void multiply_adds(int iterations, global V* restrict out) {
    V a0 = (V)(0.0f), a1 = (V)(0.1f), a2 = (V)(0.2f), a3 = (V)(0.3f), a4 = (V)(0.4f);
    V a5 = (V)(0.5f), a6 = (V)(0.6f), a7 = (V)(0.7f), a8 = (V)(0.8f), a9 = (V)(0.9f);
    const V m = (V)(0.999f), c = (V)((get_global_id(0) + 1) * 1e-6f);
    for (int i = 0; i < iterations; i++) {
        a0 = fma(a0, m, c); a1 = fma(a1, m, c); a2 = fma(a2, m, c); a3 = fma(a3, m, c); a4 = fma(a4, m, c);
        a5 = fma(a5, m, c); a6 = fma(a6, m, c); a7 = fma(a7, m, c); a8 = fma(a8, m, c); a9 = fma(a9, m, c);
    }
    out[get_global_id(0)] = a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9;
}

kernel void copy(global const V* restrict in, global V* restrict out) {
    out[get_global_id(0)] = in[get_global_id(0)];
}

// Where the compiler can, without reading from memory what is written to.
kernel void copy_past_cache(global const V* restrict in, global V* restrict out) {
#ifdef POCL_DEVICE_ADDRESS_BITS
    __builtin_nontemporal_store(in[get_global_id(0)], out + get_global_id(0));
#else
    out[get_global_id(0)] = in[get_global_id(0)];
#endif
}

kernel void add_one(global const V* restrict in, global V* restrict out) {
    out[get_global_id(0)] = in[get_global_id(0)] + 1;
}
