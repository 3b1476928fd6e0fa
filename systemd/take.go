package systemd

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// passed is a descriptor that systemd has passed on.
type passed struct {
	fd   uintptr
	name string
}

// firstDescriptor is SD_LISTEN_FDS_START: behind those of standard input, output and error.
const firstDescriptor = 3

// take returns the descriptors that the environment says are for this process, and removes what it says. Programs that are
// started inherit neither.
func take() ([]passed, error) {
	pid, fds := os.Getenv("LISTEN_PID"), os.Getenv("LISTEN_FDS")
	names, named := os.LookupEnv("LISTEN_FDNAMES")
	for _, variable := range []string{"LISTEN_PID", "LISTEN_PIDFDID", "LISTEN_FDS", "LISTEN_FDNAMES"} {
		os.Unsetenv(variable)
	}
	if pid == "" || fds == "" {
		return nil, nil
	}
	if mine, err := isThisProcess("LISTEN_PID", pid); err != nil || !mine {
		return nil, err
	}
	count, err := strconv.ParseUint(fds, 10, 31)
	if err != nil || count == 0 {
		return nil, fmt.Errorf("systemd: LISTEN_FDS=%s is not a number of descriptors", fds)
	}
	each := strings.Split(names, ":")
	if named && uint64(len(each)) != count {
		return nil, fmt.Errorf("systemd: LISTEN_FDNAMES=%s does not name %d descriptors", names, count)
	}
	var all []passed
	for i := range count {
		p := passed{firstDescriptor + uintptr(i), "unknown"}
		if named {
			p.name = each[i]
		}
		if err := closeOnExec(p.fd); err != nil {
			return nil, fmt.Errorf("systemd: descriptor %d (%s): %w", p.fd, p.name, err)
		}
		all = append(all, p)
	}
	return all, nil
}

// isThisProcess reports whether pid is the number of this process, and not of one that has passed its environment on to it.
func isThisProcess(variable, pid string) (bool, error) {
	n, err := strconv.Atoi(pid)
	if err != nil || n <= 0 {
		return false, fmt.Errorf("systemd: %s=%s is not the number of a process", variable, pid)
	}
	return n == os.Getpid(), nil
}
