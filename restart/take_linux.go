package restart

import (
	"os"
	"runtime"
	"syscall"
)

// takeSignals takes the signals that are pending for the process. The kernel has chosen a thread for them that may have to
// wait for a processor, but one that gets a signal of its own takes all that there are. SIGURG is what the runtime sends to
// its threads all the time.
func takeSignals() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	syscall.Tgkill(os.Getpid(), syscall.Gettid(), syscall.SIGURG)
}
