package restart

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
)

// program is what this process was started as, and its successors are.
type program struct {
	path      string // absolute; links in it are followed anew each time
	args, env []string
	dir       string // "" if it is gone
	standard  []*os.File
}

func thisProgram() (program, error) {
	path, err := thisExecutable()
	if err != nil {
		return program{}, err
	}
	dir, _ := os.Getwd()
	return program{
		path:     path,
		args:     slices.Clone(os.Args),
		env:      ownEnvironment(),
		dir:      dir,
		standard: []*os.File{os.Stdin, os.Stdout, os.Stderr},
	}, nil
}

// thisExecutable returns the path by which the program was called, as long as that is the program that runs: another one
// may have its name by now, or the caller has given it any other. Then it is the path of the executable, without links.
func thisExecutable() (string, error) {
	runs, err := os.Executable()
	if err != nil {
		return "", err
	}
	if called, err := exec.LookPath(os.Args[0]); err == nil {
		if called, err := filepath.Abs(called); err == nil && isSameFile(called, runs) {
			return called, nil
		}
	}
	return runs, nil
}

func isSameFile(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

// ownEnvironment returns the environment without what is for this very process: a service that is watched by systemd is
// not watched under its number any more when it has a successor.
func ownEnvironment() []string {
	watched := "WATCHDOG_PID=" + strconv.Itoa(os.Getpid())
	return slices.DeleteFunc(os.Environ(), func(variable string) bool { return variable == watched })
}
