package org.clgrad.bench.engine;

import static org.jocl.CL.clFinish;
import static org.jocl.CL.clReleaseMemObject;

import java.util.ArrayList;
import java.util.List;
import org.jocl.blast.CLBlast;
import org.jocl.blast.CLBlastLayout;
import org.jocl.blast.CLBlastStatusCode;
import org.jocl.blast.CLBlastTranspose;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;

/** CLBlast's matrix products, with its own parameters for the device. The result's memory is made once a case. */
public final class ClblastEngine implements Engine<ClblastEngine.Matrix> {
    private final BareDevice device;
    private final List<cl_mem> memory = new ArrayList<>();
    private @Nullable Matrix result;

    /** A stack of matrices as they lie in memory, row after row, and whether they are read as columns. */
    record Matrix(cl_mem memory, int batch, int rows, int columns, boolean transposed) {}

    public ClblastEngine(String name) {
        device = new BareDevice(name);
        CLBlast.setExceptionsEnabled(true);
    }

    @Override
    public String version() {
        return "CLBlast 1.5.2";
    }

    @Override
    public Matrix of(float[] data, int... shape) {
        if (shape.length < 2) {
            throw new UnsupportedOperationException("multiplies matrices only");
        }
        cl_mem buffer = device.upload(data);
        memory.add(buffer);
        return new Matrix(
                buffer, shape.length == 3 ? shape[0] : 1, shape[shape.length - 2], shape[shape.length - 1], false);
    }

    @Override
    public float[] read(Matrix matrix) {
        return device.download(matrix.memory, matrix.batch * matrix.rows * matrix.columns);
    }

    @Override
    public Region inputs() {
        return () -> {
            memory.forEach(org.jocl.CL::clReleaseMemObject);
            memory.clear();
            if (result != null) {
                clReleaseMemObject(result.memory);
                result = null;
            }
        };
    }

    @Override
    public Region region() {
        return () -> {};
    }

    @Override
    public void finish() {
        clFinish(device.queue());
    }

    @Override
    public Matrix transpose(Matrix a) {
        return new Matrix(a.memory, a.batch, a.rows, a.columns, !a.transposed);
    }

    @Override
    public Matrix matmul(Matrix a, Matrix b) {
        int m = a.transposed ? a.columns : a.rows;
        int k = a.transposed ? a.rows : a.columns;
        int n = b.transposed ? b.rows : b.columns;
        if (result == null) {
            result = new Matrix(device.allocate(4L * a.batch * m * n), a.batch, m, n, false);
        }
        int status = a.batch == 1
                ? CLBlast.CLBlastSgemm(
                        CLBlastLayout.CLBlastLayoutRowMajor,
                        order(a),
                        order(b),
                        m,
                        n,
                        k,
                        1,
                        a.memory,
                        0,
                        a.columns,
                        b.memory,
                        0,
                        b.columns,
                        0,
                        result.memory,
                        0,
                        n,
                        device.queue(),
                        null)
                : CLBlast.CLBlastSgemmStridedBatched(
                        CLBlastLayout.CLBlastLayoutRowMajor,
                        order(a),
                        order(b),
                        m,
                        n,
                        k,
                        1,
                        a.memory,
                        0,
                        a.columns,
                        (long) m * k,
                        b.memory,
                        0,
                        b.columns,
                        (long) k * n,
                        0,
                        result.memory,
                        0,
                        n,
                        (long) m * n,
                        a.batch,
                        device.queue(),
                        null);
        if (status != CLBlastStatusCode.CLBlastSuccess) {
            throw new IllegalStateException(CLBlastStatusCode.stringFor(status));
        }
        return result;
    }

    private static int order(Matrix matrix) {
        return matrix.transposed ? CLBlastTranspose.CLBlastTransposeYes : CLBlastTranspose.CLBlastTransposeNo;
    }
}
