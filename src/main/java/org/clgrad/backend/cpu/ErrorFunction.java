package org.clgrad.backend.cpu;

/**
 * erf x, 2 / sqrt(pi) times the integral of exp(-t t) from 0 to x, within 2 units in the last place: two polynomials, each
 * through the Chebyshev nodes of its interval.
 *
 * <pre>
 * |x| < 1   x + x p(x x)
 * else      1 - q(|x| - 3.5) with the sign of x; q is 1 - erf between 1 and 6, and beyond 6 erf is 1
 * </pre>
 */
final class ErrorFunction {
    private static final double END = 6;
    private static final double MIDDLE = 3.5;

    /** p, from the constant term up. */
    private static final double[] SMALL = {
        0.12837916709551256, -0.37612638903183543, 0.11283791670945006, -0.02686617064323777,
        0.0052239776071164225, -0.0008548325975389692, 0.00012055294904839707, -1.492473690741966e-05,
        1.6447424703317362e-06, -1.6208483801871705e-07, 1.3720064546777686e-08, -7.795898827002142e-10
    };

    /** q, likewise. */
    private static final double[] LARGE = {
        7.430983723439563e-07,
        -5.399426777385548e-06,
        1.8897993720552932e-05,
        -4.2295509756092346e-05,
        6.771781083867252e-05,
        -8.211628224109501e-05,
        7.774424634757985e-05,
        -5.819275060619765e-05,
        3.4259175594768406e-05,
        -1.533076831625875e-05,
        4.6410172874700625e-06,
        -4.4470360580526613e-07,
        -4.437733033624976e-07,
        3.016696409301533e-07,
        -9.231606082515755e-08,
        5.7311094990526014e-09,
        8.263509469732812e-09,
        -4.034643761376213e-09,
        7.044587117052157e-10,
        1.4153127892512087e-10,
        -1.160801263998319e-10,
        2.5898870524585717e-11,
        1.7395565808427347e-12,
        -2.6811175683751117e-12,
        6.628366427978472e-13,
        2.0069638417166458e-14,
        -5.851696873183428e-14,
        1.3797102940049964e-14,
        1.2525164786854401e-15,
        -1.2399309792375344e-15,
        1.265768941045506e-16,
        5.2340529090436487e-17,
        -1.190296660842776e-17,
        -9.52181345143774e-19,
        4.437909153177084e-19,
        -7.073363837679426e-21,
        -6.811613549036925e-21,
        4.52877422867128e-22
    };

    private ErrorFunction() {}

    static double erf(double x) {
        double a = Math.abs(x);
        if (a < 1) {
            return x + x * polynomial(SMALL, x * x);
        }
        return Math.copySign(a > END ? 1 : 1 - polynomial(LARGE, a - MIDDLE), x); // NaN stays
    }

    private static double polynomial(double[] c, double t) {
        double p = c[c.length - 1];
        for (int i = c.length - 2; i >= 0; i--) {
            p = p * t + c[i];
        }
        return p;
    }
}
