//go:build arm64 || riscv64

package files

import "syscall"

const sysFstatat = syscall.SYS_FSTATAT
