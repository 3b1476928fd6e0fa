package restart

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// writePIDFile has the file name this process. Who reads it meanwhile finds the old content or the new one.
func writePIDFile(name string) error {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	_, err = f.WriteString(ownPID())
	if err := errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		os.Remove(f.Name())
		return err
	}
	if err := os.Rename(f.Name(), name); err != nil {
		os.Remove(f.Name())
		return err
	}
	return nil
}

// removePIDFile removes the file if it names this process.
func removePIDFile(name string) error {
	content, err := os.ReadFile(name)
	if err == nil && string(content) == ownPID() {
		err = os.Remove(name)
	}
	if errors.Is(err, fs.ErrNotExist) { // another one that ends at the same time has removed it
		return nil
	}
	return err
}

func ownPID() string { return strconv.Itoa(os.Getpid()) + "\n" }
