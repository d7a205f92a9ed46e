// Getters return copies and ints and are not const.
#define STANDIN_TEXT std::string
#define STANDIN_NUMBER int
#define STANDIN_CONST
